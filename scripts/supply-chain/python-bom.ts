import { createHash } from 'node:crypto';
import type { LockedWheel } from './locked-python.ts';
import type { PythonLicences } from './python-licences.ts';

export interface PythonBomOptions {
  readonly wheels: readonly LockedWheel[];
  readonly licences: PythonLicences;
  /** Of the project. */
  readonly version: string;
  readonly now: Date;
}

/** The bill of materials of the Python tier, in the form of CycloneDX 1.5 (https://cyclonedx.org/docs/1.5/json/). */
export function pythonBom({ wheels, licences, version, now }: PythonBomOptions): object {
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(wheels))}`,
    version: 1,
    metadata: {
      timestamp: now.toISOString(),
      lifecycles: [{ phase: 'pre-build' }],
      component: {
        'bom-ref': 'codex-plus-litellm',
        type: 'application',
        name: 'codex-plus-litellm',
        version,
      },
    },
    components: wheels.map((wheel) => component(wheel, licences)),
  };
}

function component({ name, version, sha256 }: LockedWheel, licences: PythonLicences): object {
  const purl = `pkg:pypi/${name}@${version}`;
  const known = Object.hasOwn(licences, name) ? licences[name] : undefined;
  // What was read from another version is not told of this one.
  const licence = known?.version === version ? known.licence : undefined;
  return {
    'bom-ref': purl,
    type: 'library',
    name,
    version,
    purl,
    ...(licence === undefined ? {} : { licenses: [{ expression: licence }] }),
    // `hashes` of a component is for one file with several algorithms; here are several files, of which one is installed.
    externalReferences: [
      {
        type: 'distribution',
        url: `https://pypi.org/project/${name}/${version}/`,
        hashes: sha256.map((content) => ({ alg: 'SHA-256', content })),
      },
    ],
  };
}

/** The same lock has the same number (RFC 9562, version 8: of our own making). */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
