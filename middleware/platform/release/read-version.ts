import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What `GET /version` tells. */
export interface Version {
  readonly name: string;
  readonly version: string;
  readonly node: string;
  /** Versions of Codex that this release was tested with. */
  readonly testedCodexVersions: readonly string[];
}

/** Reads the release's own version from package.json; the tested Codex is the one that the tests install. */
export function readVersion(rootDir: string): Version {
  const manifest = JSON.parse(readFileSync(join(rootDir, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  return {
    name: manifest.name,
    version: manifest.version,
    node: process.versions.node,
    testedCodexVersions: [manifest.devDependencies['@openai/codex'] ?? 'unknown'],
  };
}
