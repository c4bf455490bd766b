import type { ChainedTurn, HiddenTurns } from '../../features/sessions/hidden-turns.ts';
import type { ApiRequest } from '../../kernel/exchange.ts';
import { replaceValue, topLevelMembers, type JsonMember } from '../../protocol/json/json-members.ts';
import { prependItems } from '../../protocol/tool-calls/append-items.ts';
import { withJson } from '../../protocol/json/with-json.ts';

const previousId = 'previous_response_id';

/** The answer that a request goes on from by its id, where its client has not seen all of it. */
export function chainedTurnOf(request: ApiRequest, memory: HiddenTurns): ChainedTurn | undefined {
  const member = request.api === 'responses' ? previousMember(request) : undefined;
  const id: unknown =
    member === undefined
      ? undefined
      : JSON.parse(request.json.toString('utf8', member.valueStart, member.valueEnd));
  return typeof id === 'string' ? memory.chained(id) : undefined;
}

/** The request as the provider can take it: by the id that it knows, and with the outputs that it waits for. */
export function withChain(request: ApiRequest, { id, turn, from }: ChainedTurn): ApiRequest {
  const member = previousMember(request);
  if (member === undefined) return request;
  const named = withJson(request, replaceValue(request.json, member, JSON.stringify(id)));
  const outputs = turn.parts
    .slice(from)
    .flatMap((part) => (part.kind === 'hidden' && part.atom.kind === 'output' ? [part.atom.item] : []));
  return prependItems(named, outputs);
}

function previousMember({ json }: ApiRequest): JsonMember | undefined {
  // A search in the bytes costs a fifth of a scan, and almost no request has it.
  if (!json.includes(previousId)) return undefined;
  return topLevelMembers(json).findLast(({ key }) => key === previousId);
}
