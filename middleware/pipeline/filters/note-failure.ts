import type { AnswerFilter } from '../../kernel/answer-filter.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { failureOf } from '../../protocol/answer-failure.ts';
import { callDialectOf } from '../../protocol/tool-calls/call-dialect-of.ts';
import { holdsNone } from '../../protocol/tool-calls/calls-in.ts';
import type { CallDialect } from '../../protocol/tool-calls/call-dialect.ts';
import type { FailedAnswers } from '../hooks/failed-answers.ts';

/** Notes answers that say themselves that they failed; nothing in them changes. */
export function createNoteFailureFilter(failures: FailedAnswers): AnswerFilter {
  return {
    name: 'note-failure',
    wants: (exchange) => failures.placeOf(exchange) !== undefined,
    events: (frames, exchange) => {
      const dialect = callDialectOf(exchange.request.api);
      return dialect === undefined ? frames : watched(frames, { exchange, dialect, failures });
    },
    json: (answer, exchange) => {
      const content = callDialectOf(exchange.request.api)?.readAnswer(answer, holdsNone);
      if (content?.ending === 'failed') failures.note(exchange, failureOf(answer));
      return answer;
    },
  };
}

interface Watch {
  readonly exchange: Exchange;
  readonly dialect: CallDialect;
  readonly failures: FailedAnswers;
}

async function* watched(
  frames: AsyncIterable<SseFrame>,
  { exchange, dialect, failures }: Watch,
): AsyncGenerator<SseFrame, void, undefined> {
  const reader = dialect.openReader(holdsNone);
  for await (const frame of frames) {
    for (const piece of reader.read(frame)) {
      if (piece.kind === 'end' && piece.ending === 'failed') {
        failures.note(exchange, failureOf(piece.event ?? {}));
      }
    }
    yield frame;
  }
}
