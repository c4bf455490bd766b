import type { ServerResponse } from 'node:http';
import type { CodexPlusError } from '../../kernel/errors.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { LateHead } from './late-head.ts';
import { localHeadOf } from '../../protocol/local-head.ts';
import type { AnswerTail } from '../../protocol/answer-tail.ts';
import { errorFrames } from '../../protocol/error-reply.ts';

interface BrokenAnswer {
  readonly exchange: Exchange;
  readonly head: LateHead;
  readonly tail: AnswerTail;
  /** Told before the last bytes go out; with a size where an error took the place of the answer. */
  readonly settle: (bytesOut?: number) => void;
}

/**
 * Ends an answer that cannot be finished: with an error in its place where nothing of it went out, an event stream with an error
 * frame, where one fits, anything else with a broken connection, since half a frame or half a JSON text is in the way. Never throws.
 */
export function breakOff(
  res: ServerResponse,
  error: CodexPlusError,
  { exchange, head, tail, settle }: BrokenAnswer,
): void {
  try {
    if (!head.isOut) {
      head.refuse(error, settle);
      return;
    }
    settle();
    if (!tail.isEventStream || !tail.isAtBoundary()) {
      res.destroy();
      return;
    }
    const { client, request } = exchange;
    const stream = { sent: tail.sent(), head: localHeadOf(exchange), failure: tail.failure() };
    res.end(errorFrames(error, { ...stream, client, api: request.api }));
  } catch (fault) {
    exchange.log.error('an answer could not be ended with its error', { id: exchange.id, error: fault });
    res.destroy();
  }
}
