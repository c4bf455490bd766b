import { dirname } from 'node:path';
import { codeOf } from '../../../../kernel/errors.ts';
import {
  idOf,
  isSettled,
  kindOf,
  type FileAccess,
  type FileStats,
  type PromptAccess,
  type Stamp,
} from './file-access.ts';
import { believedMs } from './local-paths.ts';

/** A value that was made of files. */
export interface Grounded<T> {
  readonly value: T;
  /** Whether all that was seen of them is as it was; `undefined` where that cannot be told without waiting. */
  readonly holds: () => boolean | undefined;
}

/**
 * Makes a value of what it sees of files by way of the given access, and keeps what that was. To look at all of it again takes
 * some ten microseconds, where nothing had to be read again: what is not there costs one look at the folder that it would be in.
 */
export async function grounded<T>(
  access: FileAccess,
  make: (access: FileAccess) => Promise<T>,
): Promise<Grounded<T>> {
  const { prompt } = access;
  if (prompt === undefined) return { value: await make(access), holds: () => undefined };
  const seen = new Seen(access);
  const value = await make(seen);
  const checks = seen.checks(prompt);
  if (checks === undefined || !(await prompt.areLocal(checks.map(({ path }) => path))))
    return { value, holds: () => undefined };
  return { value, holds: whileBelieved(() => doAllHold(checks)) };
}

/** Without an answer once another file system may be mounted there, which is looked at anew then. */
export function whileBelieved(holds: () => boolean | undefined): () => boolean | undefined {
  const until = performance.now() + believedMs;
  return () => (performance.now() < until ? holds() : undefined);
}

interface Check {
  readonly path: string;
  readonly holds: () => boolean | undefined;
}

function doAllHold(checks: readonly Check[]): boolean | undefined {
  let verdict: boolean | undefined = true;
  try {
    for (const check of checks) {
      const one = check.holds();
      if (one === false) return false;
      verdict = one && verdict;
    }
    return verdict;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return undefined;
  }
}

/** What stood at a path, with its id where more of it counts than its kind. */
interface Note {
  readonly kind: Stamp['kind'];
  readonly id: string | undefined;
}

/** A file system, with a note of what it answered. */
class Seen implements FileAccess {
  readonly #access: FileAccess;
  readonly #startedAt = Date.now();
  readonly #notes = new Map<string, Note>();
  #isUnclear = false;

  constructor(access: FileAccess) {
    this.#access = access;
  }

  readonly stamp = async (path: string): Promise<Stamp> => {
    const stamp = await this.#access.stamp(path);
    this.#note(path, stamp, 'id' in stamp && stamp.kind !== 'folder' ? stamp.id : undefined);
    return stamp;
  };

  readonly read: FileAccess['read'] = async (path, maxBytes) => {
    const reading = await this.#access.read(path, maxBytes);
    // For whatever reason, it may be another a moment later.
    if (reading.kind === 'unreadable') this.#isUnclear = true;
    return reading;
  };

  readonly names: FileAccess['names'] = async (folder) => {
    const stamp = await this.#access.stamp(folder);
    this.#note(folder, stamp, 'id' in stamp ? stamp.id : undefined);
    if (stamp.kind === 'absent') return [];
    const names = await this.#access.names(folder);
    if (names === undefined) this.#isUnclear = true;
    return names;
  };

  checks(prompt: PromptAccess): readonly Check[] | undefined {
    if (this.#isUnclear) return undefined;
    const notes = [...this.#notes];
    const absent = notes.flatMap(([path, { kind }]) => (kind === 'absent' ? [path] : []));
    const present = notes.flatMap(([path, note]) =>
      note.kind === 'absent' ? [] : [presenceCheck(path, note, this.#startedAt, prompt)],
    );
    const without = new Set(absent);
    // What is in a folder that is not there is not looked for.
    const missed = absent.filter((path) => !without.has(dirname(path)));
    const folders = Map.groupBy(missed, (path) => dirname(path));
    return [...present, ...[...folders].map(([folder, paths]) => absenceCheck(folder, paths, prompt))];
  }

  #note(path: string, { kind }: Stamp, id: string | undefined): void {
    const before = this.#notes.get(path) ?? { kind, id };
    const hasChanged = before.kind !== kind || (id ?? before.id) !== (before.id ?? id);
    if (kind === 'unreadable' || kind === 'loop' || hasChanged) this.#isUnclear = true;
    this.#notes.set(path, { kind, id: before.id ?? id });
  }
}

function presenceCheck(path: string, { kind, id }: Note, notedAt: number, { stats }: PromptAccess): Check {
  let known: FileStats | undefined;
  const holds = (): boolean | undefined => {
    const now = stats(path);
    if (now === undefined || kind !== kindOf(now)) return false;
    if (id === undefined) return true;
    if (known === undefined) {
      if (id !== idOf(now)) return false;
      known = now;
    } else if (!isSame(known, now)) {
      return false;
    }
    // Otherwise another content may look the same.
    return isSettled(now, notedAt) ? true : undefined;
  };
  return { path, holds };
}

/** Nothing has come to be where nothing was. No name is added to a folder without changing its times. */
function absenceCheck(folder: string, paths: readonly string[], { stats, hasName }: PromptAccess): Check {
  let known: FileStats | undefined;
  const holds = (): boolean => {
    const now = stats(folder);
    if (now === undefined) return true;
    if (known !== undefined && isSame(known, now)) return true;
    if (paths.some((path) => stats(path) !== undefined)) return false;
    // What a link leads to may come to be without a change of this folder.
    known = now.isDirectory() && isSettled(now) && !paths.some(hasName) ? now : undefined;
    return true;
  };
  return { path: folder, holds };
}

function isSame(one: FileStats, other: FileStats): boolean {
  return (
    one.ctimeMs === other.ctimeMs &&
    one.mtimeMs === other.mtimeMs &&
    one.ino === other.ino &&
    one.size === other.size &&
    one.dev === other.dev
  );
}
