import type { AnswerFilter } from '../../kernel/answer-filter.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { holdsNone } from '../../protocol/apis/calls-in.ts';
import type { RoundCodec } from '../../protocol/apis/round-codec.ts';
import type { AnswerTurns } from './answer-turns.ts';

interface NoteToldOptions {
  readonly turns: AnswerTurns;
  /** Whether something in front of it changes the texts of an answer. */
  readonly wants: (exchange: Exchange) => boolean;
}

/**
 * Takes note of the texts that the client really gets, behind whatever changes them: in its next request they may be all by which an
 * answer with hidden calls, or a question, is known again. Changes nothing.
 */
export function createNoteToldFilter({ turns, wants }: NoteToldOptions): AnswerFilter {
  return {
    name: 'note-told',
    wants,
    events: (frames, exchange) => {
      const codec = codecOf(exchange.request.api).rounds;
      if (codec === undefined) return frames;
      return watched(frames, codec, (given) => {
        turns.told(exchange, codec, given);
      });
    },
    json: (answer, exchange) => {
      const codec = codecOf(exchange.request.api).rounds;
      const items = codec?.readAnswer(answer, holdsNone).items ?? [];
      if (codec !== undefined) turns.told(exchange, codec, itemsOf(items));
      return answer;
    },
  };
}

/** Tells what is in the frames before the last of them goes out: the client's next request may come at once. */
async function* watched(
  frames: AsyncIterable<SseFrame>,
  codec: RoundCodec,
  tell: (given: readonly JsonObject[]) => void,
): AsyncGenerator<SseFrame, void, undefined> {
  const reader = codec.openReader(holdsNone);
  for await (const frame of frames) {
    if (reader.read(frame).some(({ kind }) => kind === 'end')) tell(itemsOf(reader.items()));
    yield frame;
  }
}

function itemsOf(items: readonly { readonly item: JsonObject }[]): readonly JsonObject[] {
  return items.map(({ item }) => item);
}
