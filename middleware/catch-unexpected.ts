import type { Log } from './kernel/log.ts';
import { currentOwner } from './platform/process/request-owner.ts';

interface UnexpectedOptions {
  readonly log: Log;
  /** Ends the process in order: what runs may finish. */
  readonly stop: () => void;
}

/**
 * What no boundary caught. It ends the request that it belongs to, where that can be told, and nothing else. A
 * rejected promise that belongs to none left the rest as it was: it is told, and the process goes on. An exception
 * of nobody may have left anything half done: running requests may finish, and the process ends.
 */
export function catchUnexpected({ log, stop }: UnexpectedOptions): void {
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      const owner = currentOwner();
      if (owner !== undefined) {
        attempt(() => {
          log.error('a fault that nothing expected ended a request', { event, id: owner.id, error });
        });
        attempt(() => {
          owner.end(error);
        });
        return;
      }
      const isFatal = event === 'uncaughtException';
      const what = 'a fault that nothing expected, outside of any request';
      attempt(() => {
        log.error(isFatal ? `stopping: ${what}` : what, { event, error });
      });
      if (isFatal) attempt(stop);
    });
  }
}

/** A fault in here would end the process at once, and with it every other request. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // Nobody is left who could be told.
  }
}
