import { execFileSync } from 'node:child_process';

/** Whether a process is there and is more than a zombie, which has ended and only waits to be asked how. */
export function isRunning(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
  } catch {
    return false;
  }
}
