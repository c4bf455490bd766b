import type { Sessions } from '../features/sessions/sessions.ts';
import type { Exchange } from '../kernel/exchange.ts';
import { isJsonObject } from '../kernel/json-object.ts';
import type { Reply } from '../kernel/reply.ts';
import { codecOf } from '../protocol/apis/codec-of.ts';
import type { LocalAnswer } from '../protocol/apis/local-answer.ts';
import { localHeadOf } from '../protocol/local-head.ts';
import { localReply } from '../protocol/local-reply.ts';
import { keepAnswer } from './kept-answers.ts';

interface LocalAnswerOptions {
  /** Where the answer is kept for a client that goes on from it by its id. */
  readonly sessions: Sessions;
  /** What makes it, where it is more than a text. */
  readonly answer?: LocalAnswer;
  /** Whether the provider has what is answered, and the answer, in one that it gave before. */
  readonly isInChain?: boolean;
}

/** The reply that says a text as a model would, in the client's own protocol. */
export function answerLocally(
  exchange: Exchange,
  text: string,
  { sessions, answer, isInChain = false }: LocalAnswerOptions,
): Reply {
  const { api, head } = exchange.request;
  const localHead = localHeadOf(exchange);
  const made = (answer ?? codecOf(api).local.answer)(localHead, text);
  if (isJsonObject(made.json)) keepAnswer(exchange, made.json, { sessions, isInChain });
  return localReply({ ...localHead, api, stream: head.stream }, text, () => made);
}
