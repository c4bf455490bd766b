import { readdir, readFile } from 'node:fs/promises';
import { execa } from 'execa';

/** A process, told from a later one with the same id by its start time. */
export interface ProcessMark {
  readonly pid: number;
  readonly startedAt: string;
}

interface ProcessLine extends ProcessMark {
  readonly parent: number;
  readonly group: number;
}

/**
 * A process with all that it started, directly or not, and all that is in its process group. A child that made itself a
 * session of its own, which a signal to the group does not reach, is among them while its parents are there. Empty on
 * Windows, where ending a process takes its tree along.
 */
export async function treeOf(pid: number): Promise<readonly ProcessMark[]> {
  const lines = await listProcesses();
  const childrenOf = Map.groupBy(lines, (line) => line.parent);
  const found = new Set(lines.filter((line) => line.pid === pid || line.group === pid));
  // A set is iterated to its end, what is added on the way included.
  for (const line of found) for (const child of childrenOf.get(line.pid) ?? []) found.add(child);
  return [...found];
}

/** A process by its id; `undefined` where it has ended. */
export async function markOf(pid: number): Promise<ProcessMark | undefined> {
  const found =
    process.platform === 'linux'
      ? await readFromProc(pid)
      : (await listProcesses()).find((line) => line.pid === pid);
  return found && { pid, startedAt: found.startedAt };
}

/** The processes that were started with a variable, also those that nothing else tells the origin of. Linux only: empty elsewhere. */
export async function startedWith(variable: string, value: string): Promise<readonly ProcessMark[]> {
  if (process.platform !== 'linux') return [];
  const entry = `${variable}=${value}`;
  const lines = await listFromProc();
  const environments = await Promise.all(
    // Those of other users cannot be read, and are not ours.
    lines.map(({ pid }) => readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')),
  );
  return lines.filter((_, index) => environments[index]?.split('\0').includes(entry));
}

/** Sends a signal to those processes that are still the same ones. */
export async function signalProcesses(marks: readonly ProcessMark[], signal: NodeJS.Signals): Promise<void> {
  for (const { pid } of await stillRunning(marks)) kill(pid, signal);
}

/** Those of the processes that have not ended. */
export async function stillRunning(marks: readonly ProcessMark[]): Promise<readonly ProcessMark[]> {
  if (marks.length === 0) return [];
  const running = new Map((await listProcesses()).map((line) => [line.pid, line.startedAt]));
  return marks.filter(({ pid, startedAt }) => running.get(pid) === startedAt);
}

/** Sends a signal to a process group, or 0 to ask for it; whether there is one. Always false on Windows. */
export function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  return process.platform !== 'win32' && kill(-group, signal);
}

function kill(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

async function listProcesses(): Promise<readonly ProcessLine[]> {
  if (process.platform === 'win32') return [];
  return process.platform === 'linux' ? listFromProc() : listFromPs();
}

async function listFromProc(): Promise<readonly ProcessLine[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(pids.map((pid) => readFromProc(Number(pid))));
  return lines.filter((line) => line !== undefined);
}

/** `undefined` for one that has ended. */
async function readFromProc(pid: number): Promise<ProcessLine | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => undefined);
  // The second field is the program's name, which may contain anything; proc_pid_stat(5) has the others.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group] = fields ?? [];
  const startedAt = fields?.[19];
  // A zombie has ended; only its parent has not asked how.
  if (startedAt === undefined || state === 'Z') return undefined;
  return { pid, parent: Number(parent), group: Number(group), startedAt };
}

async function listFromPs(): Promise<readonly ProcessLine[]> {
  const columns = 'pid=,ppid=,pgid=,stat=,lstart=';
  const { stdout } = await execa('ps', ['-A', '-o', columns], { reject: false });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, group, startedAt] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+[^Z]\S*\s+(.*\S)/.exec(line) ?? [];
    if (startedAt === undefined) return [];
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), startedAt }];
  });
}
