import type { Exchange } from '../../kernel/exchange.ts';
import { asksForJson } from '../../protocol/asks-for-json.ts';
import { hasReader } from '../hooks/user-messages.ts';
import { addNotices } from '../notices.ts';
import { addUserNotes } from '../user-notes.ts';
import type { LoginNotes } from './login-notes.ts';
import type { NotesQuestion, ServerNotes } from './server-notes.ts';

interface Notes {
  readonly loginNotes: LoginNotes;
  readonly serverNotes: ServerNotes;
}

/**
 * Keeps what is to be said in the answer to an exchange. Programs that are not known by name get answers without such notes,
 * for nobody may read them there, nor in one that is to be JSON: it counts as told only where it is. A conversation without a
 * name hears nothing, or it would with each request. Where the answer says nothing, its head does.
 */
export async function noteMissing(
  exchange: Exchange,
  { key, ...question }: Omit<NotesQuestion, 'key'> & { readonly key: string | undefined },
  { loginNotes, serverNotes }: Notes,
): Promise<void> {
  const { client, request } = exchange;
  if (key === undefined || client.kind === 'other' || !hasReader(exchange) || asksForJson(request)) {
    addNotices(exchange, [
      ...loginNotes.now(exchange, question),
      ...(await serverNotes.now(exchange, question)),
    ]);
    return;
  }
  const asked = { ...question, key };
  const notes = [...(await loginNotes.tell(exchange, asked)), ...(await serverNotes.tell(exchange, asked))];
  addUserNotes(exchange, notes);
}
