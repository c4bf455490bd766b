import type { AnswerFilter } from '../kernel/answer-filter.ts';
import type { AnswerLimits } from '../kernel/answer-limits.ts';
import { asCodexPlusError, type CodexPlusError } from '../kernel/errors.ts';
import type { Exchange } from '../kernel/exchange.ts';
import { isReply, type Reply } from '../kernel/reply.ts';
import type { RequestStage } from '../kernel/stage.ts';
import type { UpstreamAnswer } from '../kernel/upstream.ts';
import { errorReply } from '../protocol/error-reply.ts';
import { withoutBody } from '../protocol/local-head.ts';
import { unreadableBody } from '../protocol/json/unreadable-body.ts';
import { askingForPlainAnswer, filterAnswer, untouchedReply } from './answer/filter-answer.ts';
import { withNotices } from './notices.ts';
import { noteRefusedRequest } from './put-back.ts';
import { statusForCodex } from './status-for-codex.ts';

/** Where a walk ended: the reply, and the upstream's answer if one was asked. */
export interface WalkResult {
  /** The exchange as the last stage left it. */
  readonly exchange: Exchange;
  readonly reply: Reply;
  readonly answer: UpstreamAnswer | undefined;
  readonly error: CodexPlusError | undefined;
  /** The bodies of the request are let go of: whatever comes of the reply, no model is called again for it. */
  readonly isRequestOver: boolean;
}

interface WalkParts {
  readonly stages: readonly RequestStage[];
  /** Calls the upstream once; filters and hooks may call it again, past the walk. */
  readonly send: (exchange: Exchange) => Promise<UpstreamAnswer>;
  /** What may change an answer, in the order in which they see it. */
  readonly filters: readonly AnswerFilter[];
  readonly limits: AnswerLimits;
}

/**
 * The walk of a model call, one direction: every stage in order, then the upstream, then the filters that want the answer.
 * A stage's Reply ends it. Never rejects: an error becomes the reply that the client understands.
 */
export function createWalk(parts: WalkParts): (exchange: Exchange) => Promise<WalkResult> {
  const { stages, send, limits } = parts;
  return async (start) => {
    let exchange = start;
    let answer: UpstreamAnswer | undefined;
    try {
      for (const stage of stages) {
        const result = stage.run(exchange);
        // Most stages answer at once; awaiting them all the same would cost a turn of the event loop each.
        const next = result instanceof Promise ? await result : result;
        if (isReply(next))
          return { exchange, reply: next, answer: undefined, error: undefined, isRequestOver: false };
        exchange = next;
      }
      const settled = exchange;
      const filters = parts.filters.filter((filter) => filter.wants(settled));
      if (filters.length > 0) exchange = askingForPlainAnswer(exchange);
      answer = await send(exchange);
      noteRefusedRequest(exchange, answer.status);
      const reply =
        filters.length === 0
          ? untouchedReply(answer)
          : await filterAnswer(answer, { filters, limits }, exchange);
      const told = withNotices(statusForCodex(reply, answer, exchange), exchange);
      const isRequestOver = filters.length === 0;
      // A stream may last for minutes, and its request be large.
      if (isRequestOver) exchange = withoutBodies(exchange);
      return { exchange, reply: told, answer, error: undefined, isRequestOver };
    } catch (thrown) {
      const error = unreadableBody(thrown, start.request.json) ?? asCodexPlusError(thrown);
      const audience = { client: exchange.client, api: exchange.request.api, requestId: exchange.id };
      return { exchange, reply: errorReply(error, audience), answer, error, isRequestOver: false };
    }
  };
}

function withoutBodies(exchange: Exchange): Exchange {
  const { received, request } = exchange;
  const over = withoutBody(request);
  return { ...exchange, received: received === request ? over : withoutBody(received), request: over };
}
