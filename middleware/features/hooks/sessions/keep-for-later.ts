import { addAll } from '../../../kernel/bounds/add-all.ts';
import type { HookSession } from './hook-sessions.ts';

/** More than hooks in the background say between two requests. */
const maxKept = 100;
const leftOut = 'Hooks in the background said more than is kept. The oldest of it is left out.';

/** Keeps what hooks in the background say to the model until its next request; of too much the newest, with a word on it. */
export function keepForLater({ later }: Pick<HookSession, 'later'>, contexts: readonly string[]): void {
  addAll(later, contexts);
  if (later.length > maxKept) later.splice(0, later.length - maxKept + 1, leftOut);
}
