import type { ChainedTurn, Settlement } from '../features/sessions/session-turns.ts';
import type { Sessions } from '../features/sessions/sessions.ts';
import { StateKey } from '../kernel/exchange-state.ts';
import type { ApiRequest, Exchange } from '../kernel/exchange.ts';
import { headerValue } from '../kernel/headers.ts';
import { credentialName } from '../protocol/conversation/credential-name.ts';
import { previousIdMember, previousIdOf } from '../protocol/conversation/previous-id.ts';
import { replaceValue } from '../protocol/json/json-members.ts';
import { codecOf } from '../protocol/apis/codec-of.ts';
import { prependItems } from '../protocol/apis/common/append-items.ts';
import { withJson } from '../protocol/json/with-json.ts';

/** The kept answer of ours that an exchange goes on from, and how many items of the request are kept with it. */
export interface Followed {
  readonly key: string;
  readonly count: number;
}

export const followedKey = new StateKey<Followed>('followed answer');

/**
 * The answer that a request goes on from by its id, where its client has not seen all of it. A question of ours may
 * stand behind the provider's.
 */
export function chainedTurnOf(exchange: Exchange, { chained }: Sessions): ChainedTurn | undefined {
  if (chained.size === 0) return undefined;
  const followed = exchange.state.get(followedKey);
  const own = followed && chained.get(followed.key);
  if (own !== undefined) return own;
  const id = previousIdOf(exchange.request);
  return id === undefined ? undefined : chained.get(chainKey(exchange, id));
}

/**
 * Names an answer by its id for those who got it: what one may answer is none of another's, and local servers count
 * their ids.
 */
export function chainKey({ caller, turn, received }: Exchange, id: string): string {
  const conversation = turn.sessionId ?? [
    headerValue(received.headers, 'x-codex-plus-workspace') ?? '',
    credentialName(received.headers),
  ];
  return JSON.stringify([caller.id, conversation, id]);
}

/**
 * The request as the provider can take it: by the id that it knows, and with the outputs that it waits for.
 * `settlement`: what became of a call that the answer asked about.
 */
export function withChain(
  request: ApiRequest,
  { id, turn, from }: ChainedTurn,
  settlement: Settlement | undefined,
): ApiRequest {
  const member = previousIdMember(request);
  if (member === undefined) return request;
  const named = withJson(request, replaceValue(request.json, member, JSON.stringify(id)));
  const outputs = [...turn.parts.slice(from), ...(settlement?.parts ?? [])].flatMap((part) =>
    part.kind === 'hidden' && part.historyItem.kind === 'output' ? [part.historyItem.item] : [],
  );
  return prependItems(named, codecOf(named.api).request.itemsKey, outputs);
}
