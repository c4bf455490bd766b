import type { AnswerFilter } from '../../kernel/answer-filter.ts';
import type { AnswerLimits } from '../../kernel/answer-limits.ts';
import { CodexPlusError } from '../../kernel/errors.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import type { ReplyBody } from '../../kernel/reply.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import type { UpstreamAnswer } from '../../kernel/upstream.ts';
import { isSuccess } from '../../protocol/answer-kind.ts';
import { askingForPlainAnswer, filterAnswer } from './filter-answer.ts';

/** Calls a model again for the same exchange. Rejects with `stream_incomplete` where its answer is of another kind. */
export interface AnswerAgain {
  readonly frames: (exchange: Exchange) => Promise<AsyncIterable<SseFrame>>;
  readonly json: (exchange: Exchange) => Promise<JsonObject>;
}

/** Makes the calls with which a filter goes on: another answer, through the filters that see every answer. */
export function createAnswerAgain(
  send: (exchange: Exchange) => Promise<UpstreamAnswer>,
  filters: readonly AnswerFilter[],
  limits: AnswerLimits,
): AnswerAgain {
  const answerTo = async (exchange: Exchange): Promise<{ status: number; body: ReplyBody }> => {
    const answer = await send(askingForPlainAnswer(exchange));
    const wanting = filters.filter((filter) => filter.wants(exchange));
    return filterAnswer(answer, { filters: wanting, limits }, exchange);
  };
  return {
    frames: async (exchange) => {
      const { status, body } = await answerTo(exchange);
      return body.kind === 'frames' ? body.frames : refuse(status, body);
    },
    json: async (exchange) => {
      const { status, body } = await answerTo(exchange);
      const value: unknown =
        isSuccess(status) && body.kind === 'bytes' ? JSON.parse(body.bytes.toString()) : undefined;
      return isJsonObject(value) ? value : refuse(status, body);
    },
  };
}

function refuse(status: number, body: ReplyBody): never {
  if (body.kind === 'stream') body.stream.cancel();
  throw new CodexPlusError(
    'stream_incomplete',
    `the upstream answered with status ${status} when the model was called again`,
  );
}
