import type { HookSession } from './hook-sessions.ts';

/** What hooks said to the model about a call, and is said now. */
export function takeContexts(callId: string, { contextsOf }: HookSession): readonly string[] {
  const contexts = contextsOf.get(callId) ?? [];
  contextsOf.delete(callId);
  return contexts;
}

/** Why a hook ends the turn behind a call, or a turn, which is told now. */
export function takeStop(key: string, { stopsAfter }: HookSession): string | undefined {
  const stop = stopsAfter.get(key);
  stopsAfter.delete(key);
  return stop;
}
