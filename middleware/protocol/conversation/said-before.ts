import type { JsonObject } from '../../kernel/json-object.ts';
import type { Conversation } from './conversation.ts';
import { isAddedByClient } from './user-prompt.ts';

/** The item that stands right before another one, past what the client put between them; `undefined` where there is none. */
export function saidBefore(conversation: Conversation, index: number): JsonObject | undefined {
  for (let at = index - 1; at >= 0; at -= 1) {
    const item = conversation.at(at);
    if (!isAddedByClient(item)) return item;
  }
  return undefined;
}
