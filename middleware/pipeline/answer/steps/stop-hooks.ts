import { placeKey, type HookPlace } from '../../../features/hooks/sessions/hook-place.ts';
import type { Exchange } from '../../../kernel/exchange.ts';
import type { OnStop } from '../../hooks/on-stop.ts';
import type { AnswerStep } from '../answer-step.ts';

/**
 * Lets hooks look at the model's work when it wants to end. One that is not content sends it back: the model is
 * called again with the hook's words, and the client gets one answer that goes on.
 */
export function createStopHooksStep(onStop: OnStop): AnswerStep {
  return {
    name: 'stop-hooks',
    open: (exchange) => {
      const place = stopPlace(exchange);
      if (place === undefined) return undefined;
      return { ended: (lastText) => onStop(exchange, place, lastText) };
    },
  };
}

/** What the end of an answer is called. */
const endEvents = { user: 'Stop', subagent: 'SubagentStop', compaction: 'PostCompact' } as const;

function stopPlace(exchange: Exchange): HookPlace | undefined {
  const { kind } = exchange.turn;
  if (kind === 'title' || kind === 'prewarm') return undefined;
  const place = exchange.state.get(placeKey);
  return place?.hooks.anyFor(endEvents[kind]) === true ? place : undefined;
}
