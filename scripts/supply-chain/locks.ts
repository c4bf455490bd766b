import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LockedPackage } from './locked-package.ts';
import { lockedNpm } from './locked-npm.ts';
import { lockedPython, type LockedWheel } from './locked-python.ts';
import { pythonLicences, type PythonLicences } from './python-licences.ts';

export interface Locks {
  readonly npm: readonly LockedPackage[];
  readonly wheels: readonly LockedWheel[];
  readonly python: readonly LockedPackage[];
  readonly licences: PythonLicences;
}

export const licencesFile = 'litellm/licences.json';

/** All that is locked, in both tiers. */
export function readLocks(rootDir: string): Locks {
  const read = (file: string): string => readFileSync(join(rootDir, file), 'utf8');
  const wheels = ['litellm/requirements.txt', 'litellm/uv.txt'].flatMap((file) => lockedPython(read(file)));
  const licences = existsSync(join(rootDir, licencesFile))
    ? (JSON.parse(read(licencesFile)) as PythonLicences)
    : {};
  return {
    npm: lockedNpm(read('package-lock.json')),
    wheels,
    python: pythonLicences(wheels, licences),
    licences,
  };
}
