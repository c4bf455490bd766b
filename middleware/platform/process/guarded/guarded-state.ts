import type { BigIntStats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { codeOf } from '../../../kernel/errors.ts';
import { rawPath } from './raw-path.ts';
import { realPath } from './real-path.ts';
import { isWithin } from './sandbox-mounts.ts';

/**
 * What lies at a path: another text once it is replaced or, if a file, written to; `undefined` where there is
 * nothing. The time of the last change of the inode is part of it: unlike that of the content, nobody can set it
 * back. Of a link, what it leads to counts as well.
 */
export async function guardedState(path: string, workspace: string): Promise<string | undefined> {
  const stats = await lookAt(path);
  if (stats === undefined) return undefined;
  if (typeof stats === 'string') return `closed ${stats}`;
  return stats.isSymbolicLink() ? `${stateOf(stats)} ${await behind(path, workspace)}` : stateOf(stats);
}

async function behind(link: string, workspace: string): Promise<string> {
  try {
    const target = await realPath(link);
    // What lies outside is not the command's to change, and others change it.
    if (!isWithin(target, workspace)) return target;
    return `${target} ${(await guardedState(target, workspace)) ?? 'gone'}`;
  } catch (error) {
    return codeOrThrow(error);
  }
}

/**
 * A folder's other times change with every file in it, which may be of no matter. Where it was made anew, it may
 * have the number of the one before: file systems give those out again at once.
 */
function stateOf(stats: BigIntStats): string {
  const { dev, ino, mode, size, ctimeNs, birthtimeNs } = stats;
  return stats.isDirectory()
    ? `folder ${dev}:${ino}:${birthtimeNs}`
    : `${mode} ${dev}:${ino}:${size}:${ctimeNs}`;
}

/** Whether there is a folder at the path, or behind the link there. */
export function isFolderState(state: string): boolean {
  return state.startsWith('folder ') || / folder [\d:]+$/.test(state);
}

async function lookAt(path: string): Promise<BigIntStats | string | undefined> {
  try {
    return await lstat(rawPath(path), { bigint: true });
  } catch (error) {
    const code = codeOrThrow(error);
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : code;
  }
}

function codeOrThrow(error: unknown): string {
  const code = codeOf(error);
  if (code === undefined) throw error;
  return code;
}
