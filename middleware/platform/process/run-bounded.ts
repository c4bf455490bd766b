import { startBounded, type BoundedChildOptions, type BoundedEnd } from './bounded-child.ts';
import { signalGroup } from './process-tree.ts';

export interface RunBoundedOptions extends Omit<BoundedChildOptions, 'background'> {
  /** Written to its standard input, which is then closed. */
  readonly stdin: string;
  readonly timeoutMs: number;
}

/** A longer time would fire at once (2³¹ milliseconds). */
const longestTimeoutMs = 2 ** 31 - 1;
const watchEveryMs = 1_000;

/**
 * Runs a program that is not ours within bounds of time and output and tells how it ended; never throws. At the time
 * limit its whole process tree is ended; what it left in the background when it exited may go on until then.
 */
export async function runBounded(options: RunBoundedOptions): Promise<BoundedEnd> {
  if (options.signal.aborted) return { ...neverRan, ending: 'aborted', summary: 'was stopped' };
  const timeoutMs = Math.min(options.timeoutMs, longestTimeoutMs);
  const deadline = performance.now() + timeoutMs;
  const child = startBounded({ ...options, background: 'goes-on' });
  void child.write(options.stdin);
  child.closeInput();
  const timer = setTimeout(
    () => void child.end('timed-out', `did not end within ${timeoutMs / 1000} s`),
    timeoutMs,
  );
  try {
    return await child.ended;
  } finally {
    clearTimeout(timer);
    if (child.pid !== undefined) endGroupAt(deadline, child.pid);
  }
}

const neverRan = { exitCode: undefined, stdout: '', stderr: '', isCut: false };

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
