import type { KeptAnswer } from '../features/sessions/kept-answer.ts';
import type { Sessions } from '../features/sessions/sessions.ts';
import type { ApiRequest, Exchange } from '../kernel/exchange.ts';
import type { JsonObject } from '../kernel/json-object.ts';
import { codecOf } from '../protocol/apis/codec-of.ts';
import { prependItems } from '../protocol/apis/common/append-items.ts';
import { holdsNone } from '../protocol/apis/common/holds-none.ts';
import { Conversation } from '../protocol/conversation/conversation.ts';
import { previousIdMember, previousIdOf } from '../protocol/conversation/previous-id.ts';
import { replaceMembers } from '../protocol/json/json-members.ts';
import { withJson } from '../protocol/json/with-json.ts';
import { chainKey } from './chained-request.ts';

const quote = 0x22;

/**
 * Keeps an answer of ours for the client that goes on from it by its id, which no provider knows. `isInChain`: what is
 * answered and the answer itself stand in an answer of the provider's already.
 */
export function keepAnswer(
  exchange: Exchange,
  answer: JsonObject,
  { sessions, isInChain }: { readonly sessions: Sessions; readonly isInChain: boolean },
): void {
  const { received } = exchange;
  const { request: codec, rounds } = codecOf(received.api);
  // As no provider would be asked to go on from what it was not to store.
  if (!codec.isStored(received.json) || codec.isKeptByProvider(received.json)) return;
  const { chainId: id, items = [] } = rounds?.readAnswer(answer, holdsNone) ?? {};
  if (id === undefined) return;
  const said = items.map(({ item }) => Buffer.from(JSON.stringify(item)));
  const kept: KeptAnswer = {
    previousId: previousIdOf(received),
    items: isInChain ? [] : [...itemsOf(received), ...said],
  };
  sessions.keptAnswers.set(chainKey(exchange, id), kept);
}

/** The request that goes on from an answer of ours, by the id that the provider knows and with all that was said since. */
export function withKeptAnswer(request: ApiRequest, { previousId, items }: KeptAnswer): ApiRequest {
  const member = previousIdMember(request);
  if (member === undefined) return request;
  const id = previousId === undefined ? undefined : JSON.stringify(previousId);
  const named = withJson(request, replaceMembers(request.json, new Map([[member, id]])));
  return prependItems(named, codecOf(named.api).request.itemsKey, items);
}

/** Copies: the body of a request is not kept for them. A text alone is a message of the user. */
function itemsOf(request: ApiRequest): readonly Buffer[] {
  const conversation = Conversation.of(request);
  return Array.from({ length: conversation?.length ?? 0 }, (_, index) => {
    const bytes = conversation?.bytesAt(index) ?? Buffer.alloc(0);
    return Buffer.from(bytes[0] === quote ? JSON.stringify(conversation?.at(index)) : bytes);
  });
}
