import type { LockedPackage } from './locked-package.ts';

interface NpmLock {
  readonly packages: Readonly<
    Record<string, { readonly name?: string; readonly version?: string; readonly license?: unknown }>
  >;
}

const folder = 'node_modules/';

/** The packages of a package-lock.json, each version once. */
export function lockedNpm(lock: string): readonly LockedPackage[] {
  const { packages } = JSON.parse(lock) as NpmLock;
  const found = new Map<string, LockedPackage>();
  for (const [place, { name, version = '', license }] of Object.entries(packages)) {
    // The project itself.
    if (place === '') continue;
    const its = name ?? place.slice(place.lastIndexOf(folder) + folder.length);
    found.set(`${its}@${version}`, { name: its, version, licence: licenceText(license) });
  }
  return [...found.values()];
}

/** Old packages have a list of `{ type, url }`, of which one may be chosen. */
function licenceText(license: unknown): string | undefined {
  if (typeof license === 'string') return license;
  if (license === undefined) return undefined;
  const types = [license].flat().map((one: unknown) => (one as { readonly type?: unknown } | null)?.type);
  return types.map(String).join(' or ');
}
