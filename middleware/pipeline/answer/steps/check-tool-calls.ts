import type { Exchange } from '../../../kernel/exchange.ts';
import type { CallChecks } from '../../call-checks.ts';
import type { AnswerStep } from '../answer-step.ts';

/** Says what decides the calls in the answer to an exchange; `undefined` where nothing does. */
interface CallChecker {
  readonly concerns: (exchange: Exchange) => CallChecks | undefined;
}

/**
 * Has the tool calls in answers decided before a client can run them. Only calls that something may concern are
 * held, until they are complete; what comes behind one waits for it, and all else flows. A call that is refused
 * never reaches the client: the model gets the reason for its output and goes on, and the client sees one answer.
 */
export function createToolCheckStep({ concerns }: CallChecker): AnswerStep {
  return {
    name: 'check-tool-calls',
    open: (exchange) => {
      const calls = concerns(exchange);
      return calls === undefined ? undefined : { calls };
    },
  };
}
