import { StateKey } from '../../kernel/exchange-state.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import { Conversation } from '../../protocol/conversation/conversation.ts';

/** A conversation as stages have edited it so far; `restore-history` writes it into the request. */
const editedKey = new StateKey<Conversation>('edited conversation');

/** The conversation of a request, as it goes on from here; `undefined` for a request without any. */
export function currentConversation({ state, request }: Exchange): Conversation | undefined {
  return state.get(editedKey) ?? Conversation.of(request);
}

/** Puts another conversation in its place, unless nothing was edited. */
export function editConversation({ state }: Exchange, conversation: Conversation): void {
  if (conversation.received !== conversation) state.set(editedKey, conversation);
}

/** Whether the request goes on as it came. */
export function isAsItCame({ state, request, received }: Exchange): boolean {
  return request === received && state.get(editedKey) === undefined;
}
