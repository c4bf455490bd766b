import { createHash } from 'node:crypto';
import { isJsonObject } from '../../kernel/json-object.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { Conversation } from '../../protocol/conversation.ts';
import { ownId } from '../commands/item-key.ts';

/**
 * Names an item of a conversation: by its own id, else by its place and what it says. Where a client marks its items for the
 * prompt cache, and whether it writes a text alone or as a list of one, changes from request to request and does not count.
 */
export function stableKey(conversation: Conversation, index: number): string {
  return ownId(conversation, index) ?? `${index} ${digest(saidBy(conversation, index))}`;
}

/** Names a conversation: as its client does, or by how it begins, the user's first words included. */
export function hookSessionKey({ turn, caller }: Exchange, conversation: Conversation): string {
  if (turn.sessionId !== undefined) return turn.sessionId;
  const said: string[] = [];
  for (let index = 0; index < conversation.length; index += 1) {
    said.push(saidBy(conversation, index));
    if (conversation.at(index)['role'] === 'user') break;
  }
  return `${caller.kind}-${digest(said.join('\n'))}`;
}

function saidBy(conversation: Conversation, index: number): string {
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
