import type { Api, ApiRequest } from '../../../kernel/exchange.ts';
import type { JsonObject } from '../../../kernel/json-object.ts';
import { codecOf } from '../../../protocol/apis/codec-of.ts';
import { withContexts } from '../../../protocol/conversation/with-contexts.ts';
import { withWordsBefore } from '../../../protocol/conversation/with-words-before.ts';
import type { Placed } from '../../../features/hooks/sessions/hook-sessions.ts';
import type { HookTurn } from '../../hooks/hook-turn.ts';

/** The request with all that hooks ever put into the conversation, in its place again, the same bytes each time. */
export function withPlaced(
  { conversation, keyAt, place: { session } }: Pick<HookTurn, 'conversation' | 'keyAt' | 'place'>,
  api: Api,
): ApiRequest {
  const { placed } = session;
  const replacements = new Map<number, readonly (JsonObject | Buffer)[]>();
  if (placed.size === 0) return conversation.replace(replacements);
  for (let index = 0; index < conversation.length; index += 1) {
    if (!mayHold(conversation.at(index))) continue;
    const found = placed.get(keyAt(index));
    if (found === undefined) continue;
    const item = replacementOf(found, conversation.at(index), api);
    const { contexts, wordsBefore } = found;
    if (contexts.length === 0 && item === undefined && wordsBefore === undefined) continue;
    const bytes = item === undefined ? conversation.bytesAt(index) : Buffer.from(JSON.stringify(item));
    const items = withContexts(api, bytes, contexts);
    replacements.set(index, wordsBefore === undefined ? items : withWordsBefore(api, items, wordsBefore));
  }
  return conversation.replace(replacements);
}

/** `undefined` where the item stays. Of one with outputs the client's own marks for the prompt cache move on. */
function replacementOf({ replacement, outputs }: Placed, item: JsonObject, api: Api): JsonObject | undefined {
  return outputs === undefined ? replacement : codecOf(api).history.withResults(item, outputs);
}

/** The user's messages, and the outputs of tools. */
function mayHold({ role, type }: JsonObject): boolean {
  return role === 'user' || role === 'tool' || (typeof type === 'string' && type.endsWith('_output'));
}
