import { addAll } from '../../kernel/bounds/add-all.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { HookSession } from '../../features/hooks/sessions/hook-sessions.ts';

/** What a client that does not call again for an answer of the model's may have kept for it. */
const maxKept = 20;

/** Whether what is said in the answer has somebody to read it, so that questions may be asked there, and hooks may speak. */
export function hasReader({ turn }: Pick<Exchange, 'turn'>): boolean {
  return turn.kind === 'user' && !turn.isOneShot;
}

/** Keeps what hooks want the user to read until there is an answer to say it in. */
export function keepForUser({ forUser }: HookSession, messages: readonly string[]): void {
  addAll(forUser, messages);
  forUser.splice(0, forUser.length - maxKept);
}

/** Takes what is to be said to the user; it is said once. */
export function takeForUser({ forUser }: HookSession): readonly string[] {
  return forUser.splice(0);
}
