import type { Exchange } from '../../kernel/exchange.ts';
import { isCompactionCall } from '../../protocol/api-path.ts';
import { clientFactsOf } from './client-facts.ts';
import { turnKey, type HookPlace } from '../../features/hooks/sessions/hook-place.ts';
import type { RunHooks } from './hook-runner.ts';

/** How often in a row hooks may send the model back to work, as in Claude Code. */
const maxBlocks = 8;

/**
 * Runs the hooks on the end of the model's work; what they tell it to go on with, as the user's words. None: it may
 * end. After so many times in a row it ends anyway, and so does a compaction, whose summary is only told.
 */
export type OnStop = (
  exchange: Exchange,
  place: HookPlace,
  lastAssistantMessage: string,
) => Promise<readonly string[]>;

export function createOnStop(run: RunHooks): OnStop {
  return async (exchange, place, lastAssistantMessage) => {
    const { turn } = exchange;
    const { session } = place;
    if (turn.kind === 'compaction') {
      const trigger = clientFactsOf(exchange).compactionTrigger;
      // There the summary is for its provider to read, and what can be read beside it are the user's messages.
      const summary = isCompactionCall(exchange.request.path) ? '' : lastAssistantMessage;
      await run(place, 'PostCompact', { trigger, summary }, exchange);
      return [];
    }
    const key = turnKey(place);
    const blocks = session.stopBlocks.get(key) ?? 0;
    const stop = { isStopHookActive: blocks > 0, lastAssistantMessage };
    const { feedback } =
      turn.kind === 'subagent'
        ? await run(place, 'SubagentStop', { ...stop, transcriptPath: '' }, exchange)
        : await run(place, 'Stop', stop, exchange);
    if (feedback.length > 0 && blocks < maxBlocks) {
      session.stopBlocks.set(key, blocks + 1);
      return feedback;
    }
    session.stopBlocks.delete(key);
    if (feedback.length === 0) return [];
    place.log.warn('hooks sent the model back to work too often: the turn ends', { session: session.id });
    return [];
  };
}
