import { isOurs, type ErrorCode } from '../../kernel/errors.ts';
import type { Ending, Observer, Outcome } from '../../kernel/outcome.ts';

/** A model whose last call its upstream failed. */
export interface FailingModel {
  readonly model: string;
  /** What the client got; a success where the upstream failed inside of its answer. */
  readonly status: number;
  /** What was told of it; `undefined` where the answer went on as it came. */
  readonly code: ErrorCode | undefined;
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
      const { status, error } = outcome;
      failing.set(model, { model, status, code: error?.code, failures, lastAt: now().toISOString() });
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

/** What is no request's fault though its status may say so: a key, an account, an entry of the configuration, too many calls. */
const ofUpstream: ReadonlySet<ErrorCode> = new Set([
  'provider_key_refused',
  'unknown_to_provider',
  'insufficient_quota',
  'rate_limit_exceeded',
]);
/** The same of an answer that went on as it came. */
const statusesOfUpstream: ReadonlySet<number> = new Set([401, 403, 429]);

/** Whether the upstream failed; `undefined` where that cannot be told, or the request was at fault. */
function verdictOn({ route, status, ending, error }: Outcome): boolean | undefined {
  if (route === undefined || notOfUpstream.has(ending)) return undefined;
  if (ending !== 'completed') return true;
  if (status < 400) return false;
  // An error that is told has another status for each client.
  const hasFailed =
    error === undefined
      ? status >= 500 || statusesOfUpstream.has(status)
      : ofUpstream.has(error.code) || !isOurs(error);
  return hasFailed ? true : undefined;
}
