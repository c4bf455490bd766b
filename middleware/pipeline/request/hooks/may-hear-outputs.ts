import type { HookEvent } from '../../../features/hooks/hook-event.ts';
import type { HookPlace } from '../../../features/hooks/sessions/hook-place.ts';

/** What runs on outputs of tools. */
const outputEvents: readonly HookEvent[] = ['PostToolUse', 'PostToolUseFailure', 'PostToolBatch'];

/**
 * Whether anything can come of the outputs of tools in a request: a hook that hears of them, or of a session that begins with them,
 * or something that was kept for them. To find them, the conversation is read and each is hashed.
 */
export function mayHearOutputs({ hooks, session }: Pick<HookPlace, 'hooks' | 'session'>): boolean {
  const begins = !session.hasStarted || session.wasCompacted;
  const kept = [session.contextsOf, session.stopsAfter, session.outputOf, session.covered];
  return (
    outputEvents.some(hooks.anyFor) ||
    (begins && hooks.anyFor('SessionStart')) ||
    kept.some(({ size }) => size > 0) ||
    // The first of two requests with the same outputs has hooks hear of them at the moment.
    session.hearing.size > 0 ||
    session.left.totalSize > 0 ||
    session.later.length > 0 ||
    session.refused.length > 0 ||
    !session.memory.ledger.isEmpty
  );
}
