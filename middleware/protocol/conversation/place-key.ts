import type { JsonObject } from '../../kernel/json-object.ts';
import type { Conversation } from './conversation.ts';
import { isPassedOver, saidKey } from './said-key.ts';

/** Names the place of an item by what stands before it: how much that is, and what was said last. */
export function placeKeyOf(conversation: Conversation, index: number): string {
  return `${index} ${saidKey(lastSaid(conversation, index))}`;
}

/** The last thing that somebody said in a conversation, before an item of it. */
export function lastSaid(conversation: Conversation, end = conversation.length): JsonObject | undefined {
  for (let at = end - 1; at >= 0; at -= 1) {
    const item = conversation.at(at);
    if (!isPassedOver(item)) return item;
  }
  return undefined;
}
