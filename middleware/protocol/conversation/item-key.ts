import { createHash } from 'node:crypto';
import { isJsonObject } from '../../kernel/json-object.ts';
import type { Conversation } from './conversation.ts';

/**
 * Names an item of a conversation, the same every time the client sends it again, whatever stands in its place or
 * before it by now: by its own id, else by its place and what it says. Where a client marks its items for the
 * prompt cache, and whether it writes a text alone or as a list of one, changes from request to request and does
 * not count.
 */
export function itemKey(conversation: Conversation, index: number): string {
  const { received } = conversation;
  const place = conversation.placeOf(index);
  return ownId(received, place) ?? `${place} ${digest(saidIn(received, place))}`;
}

/** The id that the client gave an item; with one, an item that comes again is the same and not said a second time. */
export function ownId(conversation: Conversation, index: number): string | undefined {
  const { id } = conversation.at(index);
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** What an item says, without its marks for the prompt cache. */
export function saidIn(conversation: Conversation, index: number): string {
  const item = conversation.at(index);
  const { content } = item;
  const parts = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  return JSON.stringify({ ...item, content: parts }, (name, value: unknown) =>
    name === 'cache_control' && isJsonObject(value) ? undefined : value,
  );
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
