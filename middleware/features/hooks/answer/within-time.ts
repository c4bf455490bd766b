import type { HookEnd } from './parse-output.ts';

/**
 * Gives work a time limit and turns whatever becomes of it into the end of a hook; never rejects. Work that does not heed
 * its signal is left to itself.
 */
export async function withinTime(
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<HookEnd>,
): Promise<HookEnd> {
  const isOver = AbortSignal.timeout(Math.min(timeoutMs, 2 ** 31 - 1));
  const either = AbortSignal.any([signal, isOver]);
  const ended = Promise.withResolvers<HookEnd>();
  const onAbort = (): void => {
    ended.resolve(
      signal.aborted
        ? failedEnd('aborted', 'was stopped')
        : failedEnd('timed-out', `did not end within ${timeoutMs / 1000} s`),
    );
  };
  if (either.aborted) onAbort();
  either.addEventListener('abort', onAbort);
  try {
    return await Promise.race([ended.promise, either.aborted ? ended.promise : work(either)]);
  } catch (error) {
    return failedEnd('not-started', reasonOf(error));
  } finally {
    either.removeEventListener('abort', onAbort);
  }
}

/** The end of a hook that has nothing to say. */
export function failedEnd(ending: HookEnd['ending'], summary: string): HookEnd {
  return { ending, exitCode: undefined, stdout: '', stderr: '', isCut: false, summary };
}

/** What went wrong, in the words of what was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The end of a hook that is no command and whose text is read like a command's stdout. */
export function answeredEnd(stdout: string, isCut: boolean): HookEnd {
  return { ending: 'exited', exitCode: 0, stdout, stderr: '', isCut, summary: 'answered' };
}
