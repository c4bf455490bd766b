import type { JsonObject } from '../../kernel/json-object.ts';
import type { Conversation } from './conversation.ts';
import { branchPlaceOf } from './branch-place.ts';
import { saidKey } from './said-key.ts';

/**
 * Names an item of a conversation, the same every time the client sends it again, whatever stands in its place or
 * before it by now: by its own id, else by its place and what was said before it, and by what it says. A client that counts its items
 * gives the id of one to another where the user goes back.
 */
export function itemKey(conversation: Conversation, index: number): string {
  const { received } = conversation;
  const place = conversation.placeOf(index);
  const item = received.at(place);
  const id = ownId(received, place);
  return id === undefined ? `${branchPlaceOf(received, place)} ${saidKey(item)}` : `${id} ${wordsOf(item)}`;
}

/** The output of a call is told by the call; it may be long. */
function wordsOf(item: JsonObject): string {
  const { call_id: callId } = item;
  return typeof callId === 'string' ? callId : saidKey(item);
}

/** The id that the client gave an item; with one, an item that comes again is the same and not said a second time. */
export function ownId(conversation: Conversation, index: number): string | undefined {
  const { id } = conversation.at(index);
  return typeof id === 'string' && id !== '' ? id : undefined;
}
