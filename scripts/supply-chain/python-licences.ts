import type { LockedPackage } from './locked-package.ts';
import type { LockedWheel } from './locked-python.ts';

/** litellm/licences.json: by name, the licence and the version whose metadata declared it. */
export type PythonLicences = Readonly<
  Record<string, { readonly version: string; readonly licence: string | undefined }>
>;

/** Locked Python packages with their licences. One that was read at a version that is not locked any more has none. */
export function pythonLicences(
  wheels: readonly LockedWheel[],
  licences: PythonLicences,
): readonly LockedPackage[] {
  return wheels.map(({ name, version }) => {
    const known = Object.hasOwn(licences, name) ? licences[name] : undefined;
    const isLocked = wheels.some((wheel) => wheel.name === name && wheel.version === known?.version);
    return { name, version, licence: isLocked ? known?.licence : undefined };
  });
}
