import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest folder above with a package.json: the sources and the build stand at different depths below it. */
export function findRoot(start: string): string {
  let dir = start;
  while (!existsSync(join(dir, 'package.json'))) {
    if (dirname(dir) === dir) throw new Error(`there is no package.json above ${start}`);
    dir = dirname(dir);
  }
  return dir;
}
