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

/** Tells the command line where the middleware runs. Throws where the folder cannot be written. */
export function writeRunningFile(stateDir: string, instance: RunningInstance): void {
  const file = fileIn(stateDir);
  makeFolder(stateDir);
  writeFileSync(file, `${JSON.stringify(instance)}\n`, { mode: 0o600 });
}

/** Takes the word back, unless another instance has written its own since. */
export function removeRunningFile(stateDir: string, pid: number): void {
  if (readRunningFile(stateDir)?.pid === pid) rmSync(fileIn(stateDir), { force: true });
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
