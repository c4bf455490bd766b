import type { Ending, Observer, Outcome } from '../../kernel/outcome.ts';

/** A model whose last call its upstream failed. */
export interface FailingModel {
  readonly model: string;
  /** What the client got; a success where the upstream failed inside of its answer. */
  readonly status: number;
  /** Since the last call that worked. */
  readonly failures: number;
  readonly lastAt: string;
}

export interface FailingModels extends Observer {
  /** The one that failed last comes first. */
  readonly list: () => readonly FailingModel[];
}

/** Clients choose the names. */
const maxModels = 20;
const maxNameLength = 100;

/**
 * Keeps which models fail at the moment: a tier may run well while the provider behind it is down. One success
 * takes a model out.
 */
export function createFailingModels(now: () => Date): FailingModels {
  const failing = new Map<string, FailingModel>();
  return {
    name: 'failing-models',
    finished: (outcome) => {
      const model = outcome.exchange.request.head.model?.slice(0, maxNameLength);
      const hasFailed = verdictOn(outcome);
      if (model === undefined || hasFailed === undefined) return;
      const failures = (failing.get(model)?.failures ?? 0) + 1;
      failing.delete(model);
      if (!hasFailed) return;
      failing.set(model, { model, status: outcome.status, failures, lastAt: now().toISOString() });
      for (const oldest of failing.keys()) {
        if (failing.size <= maxModels) break;
        failing.delete(oldest);
      }
    },
    list: () => [...failing.values()].toReversed(),
  };
}

/** Nothing can be told of the upstream where it was not asked, or not heard to the end. */
const notOfUpstream: ReadonlySet<Ending> = new Set(['local', 'ended-here', 'client-left']);

/** Whether the upstream failed; `undefined` where that cannot be told, or the request was at fault. */
function verdictOn({ route, status, ending }: Outcome): boolean | undefined {
  if (route === undefined || notOfUpstream.has(ending)) return undefined;
  if (ending !== 'completed') return true;
  if (status < 400) return false;
  return status >= 500 || [401, 403, 429].includes(status) ? true : undefined;
}
