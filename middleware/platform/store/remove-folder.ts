import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../kernel/errors.ts';

/** Removes a folder with all that is in it, also where a program took the rights to its folders from their owner. */
export async function removeFolder(path: string): Promise<void> {
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true });
  try {
    await remove();
  } catch (error) {
    if (codeOf(error) !== 'EACCES' && codeOf(error) !== 'EPERM') throw error;
    await openFolders(path);
    await remove();
  }
}

/** Links are not followed, and only rights of the owner are given: nobody else gets any. */
async function openFolders(path: string): Promise<void> {
  const { mode } = await lstat(path);
  await chmod(path, (mode & 0o7777) | 0o700);
  for (const entry of await readdir(path, { withFileTypes: true }))
    if (entry.isDirectory()) await openFolders(join(path, entry.name));
}
