import type { JsonObject } from '../../kernel/json-object.ts';
import type { Conversation } from './conversation.ts';
import { isAddedByClient } from './user-prompt.ts';

/** The item that stands right before another one, past what the client put between them; `undefined` where there is none. */
export function saidBefore(conversation: Conversation, index: number): JsonObject | undefined {
  const at = placeBefore(conversation, index);
  return at === undefined ? undefined : conversation.at(at);
}

/** Where that item stands. */
export function placeBefore(conversation: Conversation, index: number): number | undefined {
  for (let at = index - 1; at >= 0; at -= 1) {
    if (!isAddedByClient(conversation.at(at))) return at;
  }
  return undefined;
}
