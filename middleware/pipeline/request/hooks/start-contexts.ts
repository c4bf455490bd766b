import type { Conversation } from '../../../protocol/conversation/conversation.ts';
import type { HookTurn } from '../../hooks/hook-turn.ts';
import type { RunHooks } from '../../hooks/hook-runner.ts';

/**
 * What hooks have to say before anything else at this point: those of the session's start, once, and again after a
 * compaction; and those that went on in the background since the last request.
 */
export async function startContexts(
  { place, exchange, conversation }: HookTurn,
  run: RunHooks,
): Promise<StartWords> {
  const { session } = place;
  const source = startOf(session, conversation);
  noteStart(session);
  const { model } = exchange.request.head;
  const started =
    source === undefined ? undefined : await run(place, 'SessionStart', { source, model }, exchange);
  if (exchange.signal.aborted) {
    // Hooks that were ended are told with the next request.
    if (source !== undefined) session.hasStarted = source === 'compact';
    session.wasCompacted = source === 'compact';
    return { contexts: [], initialUserMessage: undefined };
  }
  return {
    contexts: [...(started?.contexts ?? []), ...session.later.splice(0)],
    initialUserMessage: started?.initialUserMessage,
  };
}

/** Whoever has not heard of the session's start by now never does. */
export function noteStart(session: HookTurn['place']['session']): void {
  session.hasStarted = true;
  session.wasCompacted = false;
}

interface StartWords {
  readonly contexts: readonly string[];
  /** What a hook wants the user to have said first. */
  readonly initialUserMessage: string | undefined;
}

function startOf(
  { hasStarted, wasCompacted }: HookTurn['place']['session'],
  conversation: Conversation,
): 'startup' | 'resume' | 'compact' | undefined {
  if (wasCompacted) return 'compact';
  if (hasStarted) return undefined;
  return hasAnswers(conversation) ? 'resume' : 'startup';
}

function hasAnswers(conversation: Conversation): boolean {
  for (let index = 0; index < conversation.length; index += 1) {
    if (conversation.at(index)['role'] === 'assistant') return true;
  }
  return false;
}
