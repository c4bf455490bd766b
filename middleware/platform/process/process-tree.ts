import { execa } from 'execa';
import { processIds, readProc } from './read-proc.ts';
import { sharedRun } from './shared-run.ts';

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

/** What a variable is called that processes are told by. */
const ourVariable = 'CODEX_PLUS_';

interface StartedProcess {
  readonly mark: ProcessMark;
  /** Those of its variables that may tell who started it. */
  readonly variables: readonly string[];
}

/** The processes that were started with a variable, also those that nothing else tells the origin of. Linux only: empty elsewhere. */
export async function startedWith(
  variable: `${typeof ourVariable}${string}`,
  value: string,
): Promise<readonly ProcessMark[]> {
  if (process.platform !== 'linux') return [];
  const entry = `${variable}=${value}`;
  return (await listStarted()).filter(({ variables }) => variables.includes(entry)).map(({ mark }) => mark);
}

const listStarted = sharedRun(async () => {
  const lines = await listProcesses();
  const found = await Promise.all(lines.map(readVariables));
  return found.filter(({ variables }) => variables.length > 0);
});

async function readVariables({ pid, startedAt }: ProcessLine): Promise<StartedProcess> {
  // Those of other users cannot be read, and are not ours.
  const text = (await readProc(`/proc/${pid}/environ`)) ?? '';
  const variables = text.includes(ourVariable) ? text.split('\0') : [];
  return {
    mark: { pid, startedAt },
    variables: variables.filter((entry) => entry.startsWith(ourVariable)),
  };
}

/** Sends a signal to those processes that are still the same ones. */
export async function signalProcesses(marks: readonly ProcessMark[], signal: NodeJS.Signals): Promise<void> {
  for (const { pid } of await stillRunning(marks)) kill(pid, signal);
}

/** Those of the processes that have not ended. */
export async function stillRunning(marks: readonly ProcessMark[]): Promise<readonly ProcessMark[]> {
  if (marks.length === 0) return [];
  const lines =
    process.platform === 'linux'
      ? await Promise.all(marks.map(({ pid }) => readFromProc(pid)))
      : await listProcesses();
  const running = new Map(lines.flatMap((line) => (line === undefined ? [] : [[line.pid, line.startedAt]])));
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

const listProcesses = sharedRun(async (): Promise<readonly ProcessLine[]> => {
  if (process.platform === 'win32') return [];
  return process.platform === 'linux' ? await listFromProc() : await listFromPs();
});

async function listFromProc(): Promise<readonly ProcessLine[]> {
  const lines = await Promise.all((await processIds()).map(readFromProc));
  return lines.filter((line) => line !== undefined);
}

/** `undefined` for one that has ended. */
async function readFromProc(pid: number): Promise<ProcessLine | undefined> {
  const text = await readProc(`/proc/${pid}/stat`);
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
