import type { AnswerFilter } from '../../kernel/answer-filter.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { asksForJson } from '../../protocol/asks-for-json.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { placeKey, type HookPlace } from '../../features/hooks/sessions/hook-place.ts';
import type { AnswerTurns } from './answer-turns.ts';
import { TellingAnswer } from './telling-answer.ts';

interface HookMessagesOptions {
  readonly turns: AnswerTurns;
  /** Whether the calls in an answer are decided, so that there may be something to say while it is given. */
  readonly areCallsChecked: (exchange: Exchange) => boolean;
}

/**
 * Says to the user what hooks want read, at the end of the answer. The model never gets to see it: it is taken out of the
 * conversation again. An answer that no hook speaks to keeps its bytes.
 */
export function createHookMessagesFilter({ turns, areCallsChecked }: HookMessagesOptions): AnswerFilter {
  const placeOf = (exchange: Exchange): HookPlace | undefined => {
    const place = exchange.state.get(placeKey);
    if (place?.hasReader !== true) return undefined;
    const mayBeSaid = place.session.forUser.length > 0 || mayStillSpeak(place, exchange);
    return mayBeSaid && !asksForJson(exchange.request) ? place : undefined;
  };
  const mayStillSpeak = ({ hooks }: HookPlace, exchange: Exchange): boolean =>
    hooks.anyFor('Stop') || areCallsChecked(exchange);
  const answerTo = (exchange: Exchange): TellingAnswer | undefined => {
    const place = exchange.state.get(placeKey);
    const codec = codecOf(exchange.request.api).rounds;
    return place === undefined || codec === undefined
      ? undefined
      : new TellingAnswer({ exchange, codec, turns, session: place.session });
  };
  return {
    name: 'hook-messages',
    wants: (exchange) => placeOf(exchange) !== undefined,
    events: (frames, exchange): AsyncIterable<SseFrame> => answerTo(exchange)?.frames(frames) ?? frames,
    json: (answer, exchange): JsonObject => answerTo(exchange)?.json(answer) ?? answer,
  };
}
