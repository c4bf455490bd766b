import type { ChainedTurn, HiddenTurns } from '../../features/sessions/hidden-turns.ts';
import type { ApiRequest } from '../../kernel/exchange.ts';
import { previousIdMember, previousIdOf } from '../../protocol/conversation/previous-id.ts';
import { replaceValue } from '../../protocol/json/json-members.ts';
import { prependItems } from '../../protocol/tool-calls/append-items.ts';
import { withJson } from '../../protocol/json/with-json.ts';

/** The answer that a request goes on from by its id, where its client has not seen all of it. */
export function chainedTurnOf(request: ApiRequest, memory: HiddenTurns): ChainedTurn | undefined {
  const id = previousIdOf(request);
  return id === undefined ? undefined : memory.chained(id);
}

/** The request as the provider can take it: by the id that it knows, and with the outputs that it waits for. */
export function withChain(request: ApiRequest, { id, turn, from }: ChainedTurn): ApiRequest {
  const member = previousIdMember(request);
  if (member === undefined) return request;
  const named = withJson(request, replaceValue(request.json, member, JSON.stringify(id)));
  const outputs = turn.parts
    .slice(from)
    .flatMap((part) => (part.kind === 'hidden' && part.atom.kind === 'output' ? [part.atom.item] : []));
  return prependItems(named, outputs);
}
