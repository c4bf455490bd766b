import type { Api, ApiRequest } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { Conversation } from '../../protocol/conversation.ts';
import { withContexts } from '../../protocol/with-contexts.ts';
import type { HookSession } from './hook-sessions.ts';
import { stableKey } from './stable-key.ts';

/** The request with all that hooks ever put into the conversation, in its place again, the same bytes each time. */
export function withPlaced(
  conversation: Conversation,
  api: Api,
  { placed }: Pick<HookSession, 'placed'>,
): ApiRequest {
  const replacements = new Map<number, readonly (JsonObject | Buffer)[]>();
  for (let index = 0; index < conversation.length; index += 1) {
    if (!mayHold(conversation.at(index))) continue;
    const found = placed.get(stableKey(conversation, index));
    if (found === undefined || (found.contexts.length === 0 && found.replacement === undefined)) continue;
    const { contexts, replacement } = found;
    const item =
      replacement === undefined ? conversation.bytesAt(index) : Buffer.from(JSON.stringify(replacement));
    replacements.set(index, withContexts(api, item, contexts));
  }
  return conversation.replace(replacements);
}

/** The user's messages, and the outputs of tools. */
function mayHold({ role, type }: JsonObject): boolean {
  return role === 'user' || role === 'tool' || (typeof type === 'string' && type.endsWith('_call_output'));
}
