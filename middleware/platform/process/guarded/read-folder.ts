import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { escapedPath } from './escaped-path.ts';
import { rawPath } from './raw-path.ts';

export interface FolderEntry extends Pick<Dirent, 'isDirectory' | 'isSymbolicLink'> {
  /** Escaped. */
  readonly name: string;
}

/** What lies in a folder, given by its escaped path. */
export async function readFolder(folder: string): Promise<readonly FolderEntry[]> {
  const path = rawPath(folder);
  const entries = await readdir(path, { withFileTypes: true });
  // Names as bytes take twice the time.
  if (!entries.some(({ name }) => name.includes('\ufffd'))) return entries;
  const raw = await readdir(path, { withFileTypes: true, encoding: 'buffer' });
  return raw.map((entry) => ({
    name: escapedPath(entry.name),
    isDirectory: () => entry.isDirectory(),
    isSymbolicLink: () => entry.isSymbolicLink(),
  }));
}
