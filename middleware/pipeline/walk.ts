import { asCodexPlusError, type CodexPlusError } from '../kernel/errors.ts';
import type { Exchange } from '../kernel/exchange.ts';
import { isReply, type Reply } from '../kernel/reply.ts';
import type { RequestStage } from '../kernel/stage.ts';
import type { UpstreamAnswer } from '../kernel/upstream.ts';
import { errorReply } from '../protocol/error-reply.ts';

/** Where a walk ended: the reply, and the upstream's answer if one was asked. */
export interface WalkResult {
  /** The exchange as the last stage left it. */
  readonly exchange: Exchange;
  readonly reply: Reply;
  readonly answer: UpstreamAnswer | undefined;
  readonly error: CodexPlusError | undefined;
}

interface WalkParts {
  readonly stages: readonly RequestStage[];
  /** The only network call of the walk. */
  readonly send: (exchange: Exchange) => Promise<UpstreamAnswer>;
}

/**
 * The walk of a model call, one direction: every stage in order, then the upstream. A stage's Reply ends it.
 * Never rejects: an error becomes the reply that the client understands.
 */
export function createWalk({ stages, send }: WalkParts): (exchange: Exchange) => Promise<WalkResult> {
  return async (start) => {
    let exchange = start;
    try {
      for (const stage of stages) {
        const result = stage.run(exchange);
        // Most stages answer at once; awaiting them all the same would cost a turn of the event loop each.
        const next = result instanceof Promise ? await result : result;
        if (isReply(next)) return { exchange, reply: next, answer: undefined, error: undefined };
        exchange = next;
      }
      const answer = await send(exchange);
      return { exchange, reply: replyOf(answer), answer, error: undefined };
    } catch (thrown) {
      const error = asCodexPlusError(thrown);
      const audience = { client: exchange.client, api: exchange.request.api, requestId: exchange.id };
      return { exchange, reply: errorReply(error, audience), answer: undefined, error };
    }
  };
}

function replyOf(answer: UpstreamAnswer): Reply {
  return {
    kind: 'reply',
    status: answer.status,
    statusMessage: answer.statusMessage,
    headers: answer.headers,
    body: { kind: 'stream', stream: answer.body },
  };
}
