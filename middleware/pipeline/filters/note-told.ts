import type { AnswerFilter } from '../../kernel/answer-filter.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { callDialectOf } from '../../protocol/tool-calls/call-dialect-of.ts';
import { holdsNone } from '../../protocol/tool-calls/calls-in.ts';
import type { CallDialect } from '../../protocol/tool-calls/call-dialect.ts';
import type { AnswerTurns } from '../tool-calls/answer-turns.ts';

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
      const dialect = callDialectOf(exchange.request.api);
      if (dialect === undefined) return frames;
      return watched(frames, dialect, (given) => {
        turns.told(exchange, dialect, given);
      });
    },
    json: (answer, exchange) => {
      const dialect = callDialectOf(exchange.request.api);
      const items = dialect?.readAnswer(answer, holdsNone).items ?? [];
      if (dialect !== undefined) turns.told(exchange, dialect, itemsOf(items));
      return answer;
    },
  };
}

/** Tells what is in the frames before the last of them goes out: the client's next request may come at once. */
async function* watched(
  frames: AsyncIterable<SseFrame>,
  dialect: CallDialect,
  tell: (given: readonly JsonObject[]) => void,
): AsyncGenerator<SseFrame, void, undefined> {
  const reader = dialect.openReader(holdsNone);
  for await (const frame of frames) {
    if (reader.read(frame).some(({ kind }) => kind === 'end')) tell(itemsOf(reader.items()));
    yield frame;
  }
}

function itemsOf(items: readonly { readonly item: JsonObject }[]): readonly JsonObject[] {
  return items.map(({ item }) => item);
}
