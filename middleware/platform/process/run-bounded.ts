import {
  startBounded,
  type BoundedChild,
  type BoundedChildOptions,
  type BoundedEnd,
  type Program,
  type StartedChild,
} from './bounded-child.ts';
import { signalGroup } from './process-tree.ts';

export interface RunBoundedOptions extends Omit<BoundedChildOptions, 'background'> {
  /** Written to its standard input, which is then closed. */
  readonly stdin: string;
  readonly timeoutMs: number;
  readonly startFast?: StartFast | undefined;
}

/**
 * Starts a program in less time than it takes from a process as large as ours; `undefined` where it cannot, and nothing of it was run then. It gives up
 * what it waits for once the signal aborts.
 */
export type StartFast = (program: Program, signal: AbortSignal) => Promise<StartedChild | undefined>;

/** A longer time would fire at once (2³¹ milliseconds). */
const longestTimeoutMs = 2 ** 31 - 1;
const watchEveryMs = 1_000;

/**
 * Runs a program that is not ours within bounds of time and output and tells how it ended; never throws. At the time
 * limit its whole process tree is ended; what it left in the background when it exited may go on until then.
 */
export async function runBounded(options: RunBoundedOptions): Promise<BoundedEnd> {
  if (options.signal.aborted) return stopped;
  const timeoutMs = Math.min(options.timeoutMs, longestTimeoutMs);
  const tooLate = { ending: 'timed-out', summary: `did not end within ${timeoutMs / 1000} s` } as const;
  const deadline = performance.now() + timeoutMs;
  const late = new AbortController();
  let child: BoundedChild | undefined;
  const timer = setTimeout(() => {
    late.abort();
    void child?.end(tooLate.ending, tooLate.summary);
  }, timeoutMs);
  try {
    const limit = AbortSignal.any([options.signal, late.signal]);
    const started = await options.startFast?.(options, limit);
    if (started === undefined && limit.aborted)
      return late.signal.aborted ? { ...neverRan, ...tooLate } : stopped;
    child = startBounded({ ...options, background: 'goes-on' }, started);
    void child.write(options.stdin);
    child.closeInput();
    if (late.signal.aborted) void child.end(tooLate.ending, tooLate.summary);
    return await child.ended;
  } finally {
    clearTimeout(timer);
    if (child?.pid !== undefined) endGroupAt(deadline, child.pid);
  }
}

const neverRan = { exitCode: undefined, stdout: '', stderr: '', isCut: false };
const stopped: BoundedEnd = { ...neverRan, ending: 'aborted', summary: 'was stopped' };

/**
 * Ends what is left of a process group when its time is over. Looks often: a group's id is free again once the last of it
 * has ended, and must not be signalled then.
 */
function endGroupAt(deadline: number, group: number): void {
  if (!signalGroup(group, 0)) return;
  const left = deadline - performance.now();
  if (left <= 0) {
    signalGroup(group, 'SIGKILL');
    return;
  }
  setTimeout(
    () => {
      endGroupAt(deadline, group);
    },
    Math.min(left, watchEveryMs),
  ).unref();
}
