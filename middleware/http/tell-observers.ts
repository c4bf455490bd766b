import type { Log } from '../kernel/log.ts';
import type { Observer, Outcome } from '../kernel/outcome.ts';

interface Told {
  readonly observers: readonly Observer[];
  readonly log: Log;
}

/**
 * Tells of one answer, the first time that it is called, whoever has to know before its end; `undefined` where nobody has.
 * Throws nothing.
 */
export function tellAnswered({ observers, log }: Told): ((outcomeOf: () => Outcome) => void) | undefined {
  const asking = observers.filter(({ answered }) => answered !== undefined);
  if (asking.length === 0) return undefined;
  let isTold = false;
  return (outcomeOf) => {
    if (isTold) return;
    isTold = true;
    const outcome = outcomeOf();
    for (const observer of asking) tell(observer, 'answered', outcome, log);
  };
}

/** Tells all observers how an exchange ended. Throws nothing. */
export function tellFinished(outcome: Outcome, { observers, log }: Told): void {
  const { error, exchange } = outcome;
  // An error tells its client that the log has the reason: here it is, with the id that the client has as well.
  if (error?.code === 'internal')
    log.error('a model call failed', { id: exchange.id, error: error.cause ?? error });
  for (const observer of observers) tell(observer, 'finished', outcome, log);
}

function tell(observer: Observer, what: 'answered' | 'finished', outcome: Outcome, log: Log): void {
  const failed = (fault: unknown): void => {
    log.error('an observer failed', { observer: observer.name, id: outcome.exchange.id, error: fault });
  };
  try {
    const done: unknown = observer[what]?.(outcome);
    if (done instanceof Promise) done.catch(failed);
  } catch (fault) {
    failed(fault);
  }
}
