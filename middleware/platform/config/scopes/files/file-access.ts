import { constants, lstatSync, statSync, type Stats } from 'node:fs';
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { codeOf } from '../../../../kernel/errors.ts';
import { areLocal } from './local-paths.ts';

/** What a look at a path finds without reading it. */
export type Stamp =
  | { readonly kind: 'absent' }
  /** A symbolic link that leads back to itself. */
  | { readonly kind: 'loop' }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | { readonly kind: 'file' | 'folder' | 'other'; readonly id: string };

export type Reading =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreadable'; readonly reason: string }
  | {
      readonly kind: 'bytes';
      readonly bytes: Buffer;
      /** The id of the stamp that belongs to these bytes. */
      readonly id: string;
      /** Whether another content would have another id: not so within the grain of the file system's clock. */
      readonly isSettled: boolean;
    };

/** The few things that configuration asks of a file system. Nothing here throws for what a file system may answer. */
export interface FileAccess {
  readonly stamp: (path: string) => Promise<Stamp>;
  /** A file's content as it was at one moment. */
  readonly read: (path: string, maxBytes: number) => Promise<Reading>;
  /** The names in a folder, sorted; empty where there is no such folder, `undefined` where it cannot be read. */
  readonly names: (folder: string) => Promise<readonly string[] | undefined>;
  /** Left out where every answer has to be waited for. */
  readonly prompt?: PromptAccess;
}

/** Answers of a file system without waiting, for paths where that takes a microsecond each and never seconds. */
export interface PromptAccess {
  /** Whether all of these paths are such, existing or not. */
  readonly areLocal: (paths: Iterable<string>) => Promise<boolean>;
  /** Links are followed; `undefined` where nothing is. Throws for what cannot be looked at. */
  readonly stats: (path: string) => FileStats | undefined;
  /** Whether something has the name, be it a link that leads nowhere. */
  readonly hasName: (path: string) => boolean;
}

export type FileStats = Pick<
  Stats,
  'dev' | 'ino' | 'size' | 'mtimeMs' | 'ctimeMs' | 'isFile' | 'isDirectory'
>;

const elseUndefined = { throwIfNoEntry: false } as const;

/** Files by way of node:fs; symbolic links are followed. */
export const nodeFileAccess = {
  stamp: stampOf,
  read: readStable,
  names: namesIn,
  prompt: {
    areLocal,
    stats: (path) => statSync(path, elseUndefined),
    hasName: (path) => lstatSync(path, elseUndefined) !== undefined,
  },
} as const satisfies FileAccess;

async function stampOf(path: string): Promise<Stamp> {
  try {
    const stats = await stat(path);
    return { kind: kindOf(stats), id: idOf(stats) };
  } catch (error) {
    return codeOf(error) === 'ELOOP' ? { kind: 'loop' } : failureOf(error);
  }
}

export function kindOf(stats: FileStats): 'file' | 'folder' | 'other' {
  if (stats.isFile()) return 'file';
  return stats.isDirectory() ? 'folder' : 'other';
}

const readAttempts = 3;

async function readStable(path: string, maxBytes: number): Promise<Reading> {
  let handle: FileHandle | undefined;
  try {
    // Without O_NONBLOCK the opening of a pipe waits for a writer, for ever. Windows has no such flag: there it adds nothing.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    for (let attempt = 0; attempt < readAttempts; attempt++) {
      const before = await handle.stat();
      if (!before.isFile()) return { kind: 'unreadable', reason: 'is not a file' };
      if (before.size > maxBytes) return tooLarge(maxBytes);
      const bytes = await readFrom(handle, before.size);
      const id = idOf(before);
      if (bytes.length === before.size && idOf(await handle.stat()) === id) {
        return { kind: 'bytes', bytes, id, isSettled: isSettled(before) };
      }
    }
    return { kind: 'unreadable', reason: 'changes faster than it can be read' };
  } catch (error) {
    return failureOf(error);
  } finally {
    await handle?.close();
  }
}

/** Up to one byte more than the file is said to have, so that one that grew meanwhile is noticed. */
async function readFrom(handle: FileHandle, size: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(size + 1);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

async function namesIn(folder: string): Promise<readonly string[] | undefined> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    return failureOf(error).kind === 'absent' ? [] : undefined;
  }
}

/** Clocks of file systems step by up to two seconds (FAT), and two contents of one step look alike. */
const coarsestClockMs = 2_000;

/** Whether what was written later than `at`, the present where nothing is said, has other times for certain. */
export function isSettled(
  { ctimeMs, mtimeMs }: Pick<FileStats, 'ctimeMs' | 'mtimeMs'>,
  at = Date.now(),
): boolean {
  return at - Math.max(ctimeMs, mtimeMs) > coarsestClockMs;
}

/** The change time is part of it, since programs restore the modification time; the inode, since files are replaced. */
export function idOf({ dev, ino, size, mtimeMs, ctimeMs }: FileStats): string {
  return `${dev}:${ino}:${size}:${mtimeMs}:${ctimeMs}`;
}

function tooLarge(maxBytes: number): Reading {
  return { kind: 'unreadable', reason: `is larger than ${maxBytes / 1024} KiB` };
}

function failureOf(error: unknown): Extract<Stamp, { kind: 'absent' | 'unreadable' }> {
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' };
  if (code === undefined) throw error;
  const reason =
    code === 'ELOOP' ? 'is a symbolic link that leads back to itself' : `cannot be read (${code})`;
  return { kind: 'unreadable', reason };
}
