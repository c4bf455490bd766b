import type { AnswerFilter } from '../../kernel/answer-filter.ts';
import { StateKey } from '../../kernel/exchange-state.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { CheckedAnswer } from './checked-answer.ts';
import type { CallChecks } from './settle-call.ts';
import type { ToolCheckOptions } from './tool-check-options.ts';

/** What was found when the filter was asked whether it wants the answer. */
const checksKey = new StateKey<CallChecks>('call checks');

const defaultMaxRounds = 10;

/**
 * Has the tool calls in answers decided before a client can run them. Only calls that something may concern are held, until they are
 * complete; what comes behind one waits for it, and all else flows. A call that is refused never reaches the client: the model gets
 * the reason for its output and goes on, and the client sees one answer.
 */
export function createToolCheckFilter(options: ToolCheckOptions): AnswerFilter {
  const { maxRounds = defaultMaxRounds } = options;
  const answerOf = (exchange: Exchange): CheckedAnswer | undefined => {
    const checks = exchange.state.get(checksKey);
    const codec = codecOf(exchange.request.api).rounds;
    if (checks === undefined || codec === undefined) return undefined;
    return new CheckedAnswer({ ...options, exchange, codec, checks, maxRounds });
  };
  return {
    name: 'check-tool-calls',
    wants: (exchange) => {
      const checks = options.concerns(exchange);
      if (checks === undefined || codecOf(exchange.request.api).rounds === undefined) return false;
      exchange.state.set(checksKey, checks);
      return true;
    },
    events: (frames, exchange) => answerOf(exchange)?.frames(frames) ?? frames,
    json: (answer, exchange) => answerOf(exchange)?.json(answer) ?? answer,
  };
}
