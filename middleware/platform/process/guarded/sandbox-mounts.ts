import { sep } from 'node:path';
import type { Place } from './sandbox-places.ts';

/**
 * How a place is seen: `private` is an empty folder for the command alone, `hidden` an empty one that stays empty,
 * `readable` and `writable` the place itself, and a `secret` is hidden whatever else is said of it.
 */
export interface Mount extends Place {
  readonly kind: (typeof kinds)[number];
}

/** Of two for the same place the later kind counts. */
const kinds = ['hidden', 'private', 'readable', 'writable', 'secret'] as const;

type MountLists = Readonly<Record<Mount['kind'], readonly Place[]>>;

/**
 * The mounts in the order in which they are made, outer places first, so that of all that is said about a path the
 * innermost counts. What would change nothing is left out.
 */
export function planMounts(lists: MountLists): readonly Mount[] {
  const byPath = new Map<string, Mount>();
  for (const kind of kinds) {
    for (const place of lists[kind]) byPath.set(place.path, { ...place, kind });
  }
  const outerFirst = [...byPath.values()].sort(
    (one, other) => depthOf(one.path) - depthOf(other.path) || (one.path < other.path ? -1 : 1),
  );
  const planned: Mount[] = [];
  for (const mount of outerFirst) {
    if (changesSomething(mount, planned)) planned.push(mount);
  }
  return planned;
}

/** Whether what lies at the path is seen. */
export function isShown(path: string, mounts: readonly Mount[]): boolean {
  const around = innermostAround(path, mounts)?.kind;
  return around === undefined || around === 'readable' || around === 'writable';
}

/** Whether the path is the folder, or lies in it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function changesSomething(mount: Mount, planned: readonly Mount[]): boolean {
  switch (mount.kind) {
    case 'hidden':
    case 'secret':
      return isShown(mount.path, planned);
    case 'readable': {
      const around = innermostAround(mount.path, planned)?.kind;
      return around !== undefined && around !== 'readable';
    }
    case 'private':
    case 'writable':
      return true;
  }
}

function innermostAround(path: string, mounts: readonly Mount[]): Mount | undefined {
  return mounts.findLast((mount) => isWithin(path, mount.path));
}

function depthOf(path: string): number {
  return path === sep ? 0 : path.split(sep).length;
}
