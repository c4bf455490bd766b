import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './make-folder.ts';

/** The middleware that runs with a state folder, as it told of itself. */
export interface RunningInstance {
  readonly pid: number;
  readonly url: string;
  readonly version: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

function fileIn(stateDir: string): string {
  return join(stateDir, 'running.json');
}

/**
 * Tells the command line where the middleware runs. Throws where the folder cannot be written. The result takes the word
 * back, unless another instance has written its own since; of one that wrote it before and still runs, the word stands again.
 */
export function writeRunningFile(stateDir: string, instance: RunningInstance): () => void {
  const file = fileIn(stateDir);
  makeFolder(stateDir);
  const before = readRunningFile(stateDir);
  const write = (told: RunningInstance): void => {
    writeFileSync(file, `${JSON.stringify(told)}\n`, { mode: 0o600 });
  };
  write(instance);
  return () => {
    if (readRunningFile(stateDir)?.pid !== instance.pid) return;
    if (before !== undefined && before.pid !== instance.pid && isAlive(before.pid)) write(before);
    else rmSync(file, { force: true });
  };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // ESRCH: it is gone.
    return false;
  }
}

/** The instance that wrote the file last; it may be gone. `undefined` where none did. */
export function readRunningFile(stateDir: string): RunningInstance | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(fileIn(stateDir), 'utf8'));
    return isInstance(value) ? value : undefined;
  } catch {
    // Missing, or half a file of a process that was killed while it wrote: nobody told anything.
    return undefined;
  }
}

function isInstance(value: unknown): value is RunningInstance {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, url, version, startedAt } = value as Partial<Record<keyof RunningInstance, unknown>>;
  return typeof pid === 'number' && [url, version, startedAt].every((text) => typeof text === 'string');
}
