import type { Exchange } from '../kernel/exchange.ts';
import type { Reply } from '../kernel/reply.ts';
import type { LocalAnswer } from '../protocol/apis/local-answer.ts';
import { localHeadOf } from '../protocol/local-head.ts';
import { localReply } from '../protocol/local-reply.ts';

/** The reply that says a text as a model would, in the client's own protocol; or more than a text, as `answer` makes it. */
export function answerLocally(exchange: Exchange, text: string, answer?: LocalAnswer): Reply {
  const { api, head } = exchange.request;
  return localReply({ ...localHeadOf(exchange), api, stream: head.stream }, text, answer);
}
