import type { Conversation } from './conversation.ts';
import { saidKey } from './said-key.ts';

/**
 * Names an item of a conversation, the same every time the client sends it again, whatever stands in its place or
 * before it by now: by its own id, else by its place and what it says.
 */
export function itemKey(conversation: Conversation, index: number): string {
  const { received } = conversation;
  const place = conversation.placeOf(index);
  return ownId(received, place) ?? `${place} ${saidKey(received.at(place))}`;
}

/** The id that the client gave an item; with one, an item that comes again is the same and not said a second time. */
export function ownId(conversation: Conversation, index: number): string | undefined {
  const { id } = conversation.at(index);
  return typeof id === 'string' && id !== '' ? id : undefined;
}
