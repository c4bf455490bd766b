import type { Observer, Outcome } from '../../kernel/outcome.ts';
import type { AnswerFailure } from '../../protocol/apis/answer-failure.ts';
import type { FailedAnswers } from './failed-answers.ts';
import type { RunHooks } from './hook-runner.ts';

/**
 * Tells hooks of the answers that failed, once each, when their clients have them. Nobody hears of one that its
 * client left.
 */
export function createStopFailureObserver(failures: FailedAnswers, run: RunHooks): Observer {
  return {
    name: 'stop-failure',
    finished: (outcome) => {
      const { exchange } = outcome;
      const place = failures.placeOf(exchange);
      const failure = place === undefined ? undefined : failureFor(outcome, failures.of(exchange));
      if (place === undefined || failure === undefined) return undefined;
      // The exchange is over, and its signal may be as well.
      return run(place, 'StopFailure', failure, { signal: new AbortController().signal });
    },
  };
}

interface ToldFailure {
  readonly error: string;
  readonly lastAssistantMessage: string;
}

/** As Claude Code tells it; `undefined` where nothing failed. */
function failureFor(
  { ending, error, status }: Outcome,
  failure: AnswerFailure | undefined,
): ToldFailure | undefined {
  if (ending === 'client-left') return undefined;
  if (error !== undefined) return told(kindOf(error.status, failure?.code ?? error.code), error.message);
  if (status >= 400) return told(kindOf(status, failure?.code), `${status} ${failure?.message ?? ''}`);
  return failure === undefined ? undefined : told(kindOf(undefined, failure.code), failure.message ?? '');
}

function told(error: string, message: string): ToldFailure {
  return { error, lastAssistantMessage: `API Error: ${message}`.trimEnd() };
}

const kinds: ReadonlyMap<number, string> = new Map([
  [401, 'authentication_failed'],
  [402, 'billing_error'],
  [403, 'authentication_failed'],
  [429, 'rate_limit'],
]);

/** The kinds of Claude Code: a request that was refused is `unknown` there as well. */
function kindOf(status = 200, code = ''): string {
  const known = kinds.get(status);
  if (known !== undefined) return known;
  if (code.startsWith('provider_key_')) return 'authentication_failed';
  if (/rate_limit|quota|usage_limit/.test(code)) return 'rate_limit';
  return status >= 500 || /server_error|overloaded|api_error/.test(code) ? 'server_error' : 'unknown';
}
