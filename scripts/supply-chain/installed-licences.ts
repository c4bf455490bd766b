import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declaredLicence } from './declared-licence.ts';
import type { PythonLicences } from './python-licences.ts';

/** What the Python packages installed in a folder declare. */
export function installedLicences(sitePackages: string): PythonLicences {
  const found: Record<string, PythonLicences[string]> = {};
  for (const entry of readdirSync(sitePackages)) {
    const file = join(sitePackages, entry, 'METADATA');
    if (!entry.endsWith('.dist-info') || !existsSync(file)) continue;
    const metadata = readFileSync(file, 'utf8');
    const name = /^Name: *(\S+)/m.exec(metadata)?.[1] ?? '';
    const version = /^Version: *(\S+)/m.exec(metadata)?.[1] ?? '';
    // As locks write names: https://packaging.python.org/en/latest/specifications/name-normalization/
    const lockedName = name.toLowerCase().replace(/[-_.]+/g, '-');
    found[lockedName] = { version, licence: declaredLicence(metadata) };
  }
  return found;
}

/** The folder of packages of the virtual environment in use; `undefined` before LiteLLM was installed. */
export function findSitePackages(rootDir: string): string | undefined {
  const environments = join(rootDir, 'litellm', '.venv');
  const active = join(environments, 'active.json');
  if (!existsSync(active)) return undefined;
  const { folder } = JSON.parse(readFileSync(active, 'utf8')) as { readonly folder: string };
  const onWindows = join(environments, folder, 'Lib', 'site-packages');
  if (existsSync(onWindows)) return onWindows;
  const lib = join(environments, folder, 'lib');
  const python = existsSync(lib) ? readdirSync(lib).find((name) => name.startsWith('python')) : undefined;
  return python === undefined ? undefined : join(lib, python, 'site-packages');
}
