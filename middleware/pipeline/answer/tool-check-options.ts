import type { AnswerLimits } from '../../kernel/answer-limits.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { UpstreamAnswer } from '../../kernel/upstream.ts';
import type { AnswerTurns } from './answer-turns.ts';
import type { CallChecks } from './settle-call.ts';

/** What tool calls are checked with. */
export interface ToolCheckOptions {
  /** What decides the calls in the answer to an exchange; `undefined` where no call concerns anything: its answer is not read. */
  readonly concerns: (exchange: Exchange) => CallChecks | undefined;
  /** Calls the model again, after its calls were refused. */
  readonly send: (exchange: Exchange) => Promise<UpstreamAnswer>;
  /** Makes a path absolute, by the folder that the client works in. */
  readonly resolvePath: (exchange: Exchange, path: string) => string;
  /** What clients have not seen of their answers is remembered there. */
  readonly turns: AnswerTurns;
  /** How much of the answers to those calls may be held. */
  readonly limits: AnswerLimits;
  /** How often the model may be called for one answer. */
  readonly maxRounds?: number;
}
