import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Removes the files of a folder that were changed longest ago where it holds more than so many. Locks are no such files:
 * whoever waits for one that is removed would not wait for whoever makes it anew.
 */
export async function pruneFolder(folder: string, maxFiles: number): Promise<void> {
  const all = await readdir(folder).catch(() => []);
  const names = all.filter((name) => !name.endsWith('.lock'));
  if (names.length <= maxFiles) return;
  const dated = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name);
      const { mtimeMs } = await stat(file).catch(() => ({ mtimeMs: Infinity }));
      return { file, mtimeMs };
    }),
  );
  const oldest = dated.sort((one, other) => one.mtimeMs - other.mtimeMs).slice(0, names.length - maxFiles);
  await Promise.all(oldest.map(({ file }) => rm(file, { force: true })));
}
