import type { AnswerFilter } from '../../kernel/answer-filter.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { failureOf } from '../../protocol/answer-failure.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { holdsNone } from '../../protocol/apis/calls-in.ts';
import type { RoundCodec } from '../../protocol/apis/round-codec.ts';
import type { FailedAnswers } from '../hooks/failed-answers.ts';

/** Notes answers that say themselves that they failed; nothing in them changes. */
export function createNoteFailureFilter(failures: FailedAnswers): AnswerFilter {
  return {
    name: 'note-failure',
    wants: (exchange) => failures.placeOf(exchange) !== undefined,
    events: (frames, exchange) => {
      const codec = codecOf(exchange.request.api).rounds;
      return codec === undefined ? frames : watched(frames, { exchange, codec, failures });
    },
    json: (answer, exchange) => {
      const content = codecOf(exchange.request.api).rounds?.readAnswer(answer, holdsNone);
      if (content?.ending === 'failed') failures.note(exchange, failureOf(answer));
      return answer;
    },
  };
}

interface Watch {
  readonly exchange: Exchange;
  readonly codec: RoundCodec;
  readonly failures: FailedAnswers;
}

async function* watched(
  frames: AsyncIterable<SseFrame>,
  { exchange, codec, failures }: Watch,
): AsyncGenerator<SseFrame, void, undefined> {
  const reader = codec.openReader(holdsNone);
  for await (const frame of frames) {
    for (const piece of reader.read(frame)) {
      if (piece.kind === 'end' && piece.ending === 'failed') {
        failures.note(exchange, failureOf(piece.event ?? {}));
      }
    }
    yield frame;
  }
}
