import { readdirSync, readFileSync } from 'node:fs';
import { residentKbOf } from '../process-figures.ts';

/** What a process holds. */
export interface ProcessState {
  readonly residentMb: number;
  readonly openFiles: number;
  readonly children: number;
}

/** Read from /proc; Linux only. */
export function stateOf(pid: number): ProcessState {
  return {
    residentMb: Math.round((residentKbOf(pid) ?? 0) / 1024),
    openFiles: readdirSync(`/proc/${pid}/fd`).length,
    children: readdirSync('/proc').filter((name) => /^\d+$/.test(name) && parentOf(name) === pid).length,
  };
}

function parentOf(pid: string): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
  } catch {
    return undefined;
  }
}
