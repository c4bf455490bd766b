import { accessSync, closeSync, constants, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync } from 'node:sqlite';
import { codeOf } from '../../kernel/errors.ts';

interface ExclusiveOptions {
  /** An otherwise unused file; it stays. */
  readonly file: string;
  readonly signal: AbortSignal;
  /** How often it is tried again while another process is at work. */
  readonly pollMs: number;
  /** Another process is at work: told once, before the wait. */
  readonly onWait?: () => void;
}

/**
 * Does the work while no other process on this machine does work for the same file. The lock is the operating system's
 * (by way of SQLite), so that it goes with a process that is killed: there is no stale lock to recognise.
 */
export async function exclusively<T>(options: ExclusiveOptions, work: () => Promise<T>): Promise<T> {
  const { file, signal, pollMs, onWait } = options;
  const lock = openLock(file);
  try {
    if (!take(lock)) {
      onWait?.();
      do {
        await sleep(pollMs, undefined, { signal });
      } while (!take(lock));
    }
    return await work();
  } finally {
    lock.close();
  }
}

/**
 * Takes the lock of a file until it is let go, or this process ends however it ends; `undefined` while somebody else has
 * it, in this process or another one.
 */
export function takeLock(file: string): { readonly letGo: () => void } | undefined {
  const lock = openLock(file);
  let isTaken = false;
  try {
    isTaken = take(lock);
  } finally {
    if (!isTaken) lock.close();
  }
  if (!isTaken) return undefined;
  return {
    letGo: () => {
      lock.close();
    },
  };
}

function openLock(file: string): DatabaseSync {
  makeFile(file);
  return new DatabaseSync(file, { timeout: 0 });
}

/**
 * SQLite would make the file readable for everybody, and what the operating system has against it SQLite does not
 * tell. One that is there is not opened: closing it would end the lock that this process may hold (POSIX, fcntl).
 */
function makeFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    accessSync(file, constants.R_OK | constants.W_OK);
  }
}

const sqliteBusy = 5;

function take(lock: DatabaseSync): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (isBusy(error)) return false;
    throw error;
  }
}

/** Not by class: errors of Node's core may be of another realm than this code. */
function isBusy(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'errcode' in error && error.errcode === sqliteBusy;
}
