import { StateKey } from '../kernel/exchange-state.ts';
import type { Exchange } from '../kernel/exchange.ts';
import { asksForJson } from '../protocol/asks-for-json.ts';

/** What the user of an exchange is to read beside its answer: which servers are missing, or which question was cancelled. */
export const userNotesKey = new StateKey<readonly string[]>('user notes');

/** Has notes said at the end of an answer; where that is to be JSON, they are not. */
export function addUserNotes({ state, request }: Exchange, notes: readonly string[]): void {
  if (notes.length === 0 || asksForJson(request)) return;
  state.set(userNotesKey, [...(state.get(userNotesKey) ?? []), ...notes]);
}
