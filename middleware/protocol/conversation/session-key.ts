import type { Api, Exchange } from '../../kernel/exchange.ts';
import { headerValue } from '../../kernel/headers.ts';
import { Conversation } from './conversation.ts';
import { credentialName } from './credential-name.ts';
import { digest } from './said-key.ts';
import { saidForm } from './said-form.ts';

/**
 * Names a conversation: as its client does, or by the folder that it names, its credential, and how it begins, the user's
 * first words included, for a system prompt is the same in many. The caller is part of the name: what one allows in a
 * conversation is not allowed for another. So is the API: what is put into a conversation has the form of one. `undefined`
 * for a request without a conversation.
 */
export function sessionKey({
  turn,
  caller,
  received,
}: Pick<Exchange, 'turn' | 'caller' | 'received'>): string | undefined {
  const { api, headers } = received;
  if (turn.sessionId !== undefined) return namedSessionKey(turn.sessionId, caller, api);
  const conversation = Conversation.of(received);
  if (conversation === undefined) return undefined;
  const said: string[] = [headerValue(headers, 'x-codex-plus-workspace') ?? '', credentialName(headers)];
  for (let index = 0; index < conversation.length; index += 1) {
    said.push(saidForm(conversation.at(index)));
    if (conversation.at(index)['role'] === 'user') break;
  }
  return namedSessionKey(`${caller.kind}-${digest(said.join('\n'))}`, caller, api);
}

/** The same for a conversation whose name the client told. */
export function namedSessionKey(sessionId: string, { id }: Exchange['caller'], api: Api): string {
  return [api, ...(id === undefined ? [] : [id]), sessionId].join('-');
}
