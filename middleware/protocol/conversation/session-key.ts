import type { Exchange } from '../../kernel/exchange.ts';
import { headerValue } from '../../kernel/headers.ts';
import { Conversation } from './conversation.ts';
import { digest } from './said-key.ts';
import { saidForm } from './said-form.ts';

/**
 * Names a conversation: as its client does, or by the folder that it names and how it begins, the user's first
 * words included, for a system prompt is the same in many. The caller is part of the name: what one allows in a
 * conversation is not allowed for another. `undefined` for a request without a conversation.
 */
export function sessionKey({
  turn,
  caller,
  received,
}: Pick<Exchange, 'turn' | 'caller' | 'received'>): string | undefined {
  if (turn.sessionId !== undefined) return namedSessionKey(turn.sessionId, caller);
  const conversation = Conversation.of(received);
  if (conversation === undefined) return undefined;
  const said: string[] = [headerValue(received.headers, 'x-codex-plus-workspace') ?? ''];
  for (let index = 0; index < conversation.length; index += 1) {
    said.push(saidForm(conversation.at(index)));
    if (conversation.at(index)['role'] === 'user') break;
  }
  return namedSessionKey(`${caller.kind}-${digest(said.join('\n'))}`, caller);
}

/** The same for a conversation whose name the client told. */
export function namedSessionKey(sessionId: string, { id }: Exchange['caller']): string {
  return id === undefined ? sessionId : `${id}-${sessionId}`;
}
