import type { HookSession } from './hook-sessions.ts';

/**
 * Remembers that hooks hear of a call before it runs. What is kept of an earlier one by the same id is nothing to it:
 * a provider may count the ids of its calls anew in each turn.
 */
export function beginCall({ handled, contextsOf, stopsAfter, outputOf }: HookSession, id: string): void {
  handled.set(`pre ${id}`, true);
  handled.delete(`post ${id}`);
  handled.delete(`told ${id}`);
  contextsOf.delete(id);
  stopsAfter.delete(id);
  outputOf.delete(id);
}
