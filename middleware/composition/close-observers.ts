import type { Log } from '../kernel/log.ts';
import type { Observer } from '../kernel/outcome.ts';

/** So that a process that stops is not kept by one whose disk or service does not answer. */
const maxCloseMs = 5_000;

/**
 * Closes observers, one after the other in their order, once no exchange runs any more. One that fails or takes too
 * long is told in the log, and the others are closed all the same.
 */
export async function closeObservers(
  observers: readonly Observer[],
  log: Pick<Log, 'error'>,
  withinMs = maxCloseMs,
): Promise<void> {
  for (const observer of observers) {
    try {
      const closed = observer.close?.();
      if (closed !== undefined) await withinTime(closed, withinMs);
    } catch (error) {
      log.error('an observer could not be closed', { observer: observer.name, error });
    }
  }
}

async function withinTime(closed: Promise<void>, ms: number): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new Error(`it was not closed within ${ms / 1000} s`));
  }, ms);
  try {
    await Promise.race([closed, late]);
  } finally {
    clearTimeout(timer);
  }
}
