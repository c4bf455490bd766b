import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../../kernel/errors.ts';

/**
 * No hook runs for so long. Another middleware may use the same folder, in a container of its own: its processes
 * tell us nothing.
 */
const oldMs = 24 * 60 * 60_000;

/** Removes the copies of scripts that a middleware left which was killed. Links in them are not followed. */
export async function sweepCopies(copiesDir: string, now: Date): Promise<void> {
  const names = await readdir(copiesDir).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  for (const name of names.filter((some) => some.startsWith('run-'))) {
    const path = join(copiesDir, name);
    const { mtimeMs } = (await stat(path).catch(() => undefined)) ?? { mtimeMs: Infinity };
    if (now.getTime() - mtimeMs > oldMs) await rm(path, { recursive: true, force: true });
  }
}
