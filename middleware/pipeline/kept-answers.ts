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
import { chainKey, followedKey } from './chained-request.ts';

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
  const { received, state } = exchange;
  const { request: codec, rounds } = codecOf(received.api);
  // As no provider would be asked to go on from what it was not to store.
  if (!codec.isStored(received.json) || codec.isKeptByProvider(received.json)) return;
  const { chainId: id, items = [] } = rounds?.readAnswer(answer, holdsNone) ?? {};
  if (id === undefined) return;
  const said = items.map(({ item }) => Buffer.from(JSON.stringify(item)));
  const followed = isInChain ? undefined : state.get(followedKey);
  const kept: KeptAnswer = {
    previousId: previousIdOf(received),
    behind: followed?.key,
    items: isInChain ? [] : [...itemsFrom(followed?.count ?? 0, received), ...said],
  };
  sessions.keptAnswers.set(chainKey(exchange, id), kept);
}

/**
 * The request that goes on from an answer of ours, by the id that the provider knows and with all that was said since;
 * `undefined` where any of that is not known any more.
 */
export function followAnswer(exchange: Exchange, id: string, sessions: Sessions): ApiRequest | undefined {
  const key = chainKey(exchange, id);
  const kept = sessions.keptAnswers.get(key);
  const items = kept === undefined ? undefined : itemsUpTo(kept, sessions);
  if (kept === undefined || items === undefined) return undefined;
  exchange.state.set(followedKey, { key, count: items.length });
  return goingOnFrom(exchange.request, kept.previousId, items);
}

/** What was said since the provider's last answer, which several answers of ours have parts of. */
function itemsUpTo(newest: KeptAnswer, { keptAnswers }: Sessions): readonly Buffer[] | undefined {
  const parts = [newest.items];
  for (let { behind } = newest; behind !== undefined;) {
    const before = keptAnswers.get(behind);
    if (before === undefined) return undefined;
    parts.push(before.items);
    behind = before.behind;
  }
  return parts.toReversed().flat();
}

function goingOnFrom(
  request: ApiRequest,
  previousId: string | undefined,
  items: readonly Buffer[],
): ApiRequest {
  const member = previousIdMember(request);
  if (member === undefined) return request;
  const id = previousId === undefined ? undefined : JSON.stringify(previousId);
  const named = withJson(request, replaceMembers(request.json, new Map([[member, id]])));
  return prependItems(named, codecOf(named.api).request.itemsKey, items);
}

/** Copies: the body of a request is not kept for them. A text alone is a message of the user. */
function itemsFrom(first: number, request: ApiRequest): readonly Buffer[] {
  const conversation = Conversation.of(request);
  return Array.from({ length: Math.max(0, (conversation?.length ?? 0) - first) }, (_, at) => {
    const bytes = conversation?.bytesAt(first + at) ?? Buffer.alloc(0);
    return Buffer.from(bytes[0] === quote ? JSON.stringify(conversation?.at(first + at)) : bytes);
  });
}
