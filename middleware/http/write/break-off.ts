import type { ServerResponse } from 'node:http';
import type { CodexPlusError } from '../../kernel/errors.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import { localHeadOf } from '../../protocol/local-head.ts';
import type { AnswerTail } from '../../protocol/answer-tail.ts';
import { errorFrames } from '../../protocol/error-reply.ts';

/**
 * Ends an answer that has begun and cannot be finished: an event stream with an error frame, where one fits,
 * anything else with a broken connection, since half a frame or half a JSON text is in the way. Never throws.
 */
export function breakOff(
  res: ServerResponse,
  error: CodexPlusError,
  exchange: Exchange,
  tail: AnswerTail,
): void {
  try {
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
