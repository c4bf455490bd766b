import type { AnswerFilter } from '../../kernel/answer-filter.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { placeKey, type HookPlace } from '../../features/hooks/sessions/hook-place.ts';
import type { TakeStop } from '../hooks/take-stop.ts';
import type { AnswerTurns } from './answer-turns.ts';
import type { AnswerAgain } from './answer-again.ts';
import { StoppingAnswer } from './stopping-answer.ts';

interface StopHooksOptions {
  readonly takeStop: TakeStop;
  /** Calls the model again, and has the calls in its answer checked like those of the first. */
  readonly answerAgain: AnswerAgain;
  readonly turns: AnswerTurns;
}

/**
 * Lets hooks look at the model's work when it wants to end. One that is not content sends it back: the model is called again with
 * the hook's words, and the client gets one answer that goes on, whether it is a stream or not.
 */
export function createStopHooksFilter(options: StopHooksOptions): AnswerFilter {
  const answerTo = (exchange: Exchange): StoppingAnswer | undefined => {
    const place = stopPlace(exchange);
    const codec = codecOf(exchange.request.api).rounds;
    return place === undefined || codec === undefined
      ? undefined
      : new StoppingAnswer({ ...options, exchange, place, codec });
  };
  return {
    name: 'stop-hooks',
    wants: (exchange) => stopPlace(exchange) !== undefined,
    events: (frames, exchange): AsyncIterable<SseFrame> => answerTo(exchange)?.frames(frames) ?? frames,
    json: (answer, exchange): Promise<JsonObject> | JsonObject => answerTo(exchange)?.json(answer) ?? answer,
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
