import { createHash } from 'node:crypto';
import type { Exchange } from '../../kernel/exchange.ts';
import type { Conversation } from '../../protocol/conversation.ts';

/** Names an item of a conversation, the same every time the client sends it again: its own id, or its place and its bytes. */
export function itemKey(conversation: Conversation, index: number): string {
  return ownId(conversation, index) ?? `${index} ${digest(conversation.bytesAt(index))}`;
}

/** The id that the client gave an item; with one, an item that comes again is the same and not said a second time. */
export function ownId(conversation: Conversation, index: number): string | undefined {
  const { id } = conversation.at(index);
  return typeof id === 'string' && id !== '' ? id : undefined;
}

/** Names the conversation of a request: as the client does, or by how it begins. */
export function sessionKey({ turn, caller }: Exchange, conversation: Conversation): string {
  return (
    turn.sessionId ?? `${caller.kind} ${digest(conversation.length === 0 ? '' : conversation.bytesAt(0))}`
  );
}

function digest(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
