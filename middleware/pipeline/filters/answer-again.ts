import type { AnswerFilter } from '../../kernel/answer-filter.ts';
import { CodexPlusError } from '../../kernel/errors.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import type { UpstreamAnswer } from '../../kernel/upstream.ts';
import { askingForPlainAnswer, filterAnswer } from './filter-answer.ts';

/** Calls a model again for the same exchange. */
export type AnswerAgain = (exchange: Exchange) => Promise<AsyncIterable<SseFrame>>;

/**
 * Makes the call with which a filter goes on: the frames of another answer, through the filters that see every answer. Rejects
 * with `stream_incomplete` when the upstream answers anything but an event stream.
 */
export function createAnswerAgain(
  send: (exchange: Exchange) => Promise<UpstreamAnswer>,
  filters: readonly AnswerFilter[],
): AnswerAgain {
  return async (exchange) => {
    const answer = await send(askingForPlainAnswer(exchange));
    const wanting = filters.filter((filter) => filter.wants(exchange));
    const { status, body } = await filterAnswer(answer, wanting, exchange);
    if (body.kind === 'frames') return body.frames;
    if (body.kind === 'stream') body.stream.cancel();
    throw new CodexPlusError(
      'stream_incomplete',
      `the upstream answered with status ${status} when the model was called again`,
    );
  };
}
