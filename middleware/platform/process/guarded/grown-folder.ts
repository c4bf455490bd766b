import { join, relative, sep } from 'node:path';

/**
 * The folder that most of the new folders lie in: the innermost that holds more than half of them, or a new one
 * around them.
 */
export function grownFolder(workspace: string, made: readonly string[]): string | undefined {
  if (made.length === 0) return undefined;
  const fresh = new Set(made);
  let folder = workspace;
  let inside = made;
  for (;;) {
    const byChild = Map.groupBy(inside, (path) => childIn(folder, path));
    const more = [...byChild].find(([, paths]) => paths.length * 2 > made.length);
    if (more === undefined) return folder;
    [folder, inside] = more;
    if (fresh.has(folder)) return folder;
  }
}

function childIn(folder: string, path: string): string {
  return join(folder, relative(folder, path).split(sep, 1).join(''));
}
