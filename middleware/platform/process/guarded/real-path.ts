import { realpath } from 'node:fs/promises';
import { escapedPath } from './escaped-path.ts';
import { rawPath } from './raw-path.ts';

/** An escaped path without symbolic links, escaped too. */
export async function realPath(escaped: string): Promise<string> {
  const raw = rawPath(escaped);
  const path = await realpath(raw);
  return path.includes('\ufffd') ? escapedPath(await realpath(raw, 'buffer')) : path;
}
