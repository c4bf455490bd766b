import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findSitePackages, installedLicences } from './installed-licences.ts';
import { licencesFile, readLocks } from './locks.ts';

/** Writes the licences of the Python tier: from what is installed, from further folders, and kept where neither has a package. */
export function writeLicences(rootDir: string, folders: readonly string[]): string {
  const { wheels, licences } = readLocks(rootDir);
  const sources = [findSitePackages(rootDir), ...folders].filter((folder) => folder !== undefined);
  const read = sources.map(installedLicences);
  const missing: string[] = [];
  const written: Record<string, unknown> = {};
  for (const name of [...new Set(wheels.map((wheel) => wheel.name))].sort()) {
    const versions = wheels.filter((wheel) => wheel.name === name).map(({ version }) => version);
    const found = [...read, licences].map((source) => source[name]);
    const known = found.find((one) => one !== undefined && versions.includes(one.version));
    if (known === undefined) missing.push(`${name}==${versions.join(', ')}`);
    else written[name] = known;
  }
  writeFileSync(join(rootDir, licencesFile), `${JSON.stringify(written, undefined, 2)}\n`);
  const told = `${licencesFile}: ${Object.keys(written).length} packages`;
  return missing.length === 0 ? told : `${told}; not installed here: ${missing.join('; ')}`;
}
