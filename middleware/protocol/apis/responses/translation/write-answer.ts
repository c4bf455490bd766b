import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerEvent } from '../../../translation/answer-event.ts';
import type { TranslationWriter } from '../../../translation/translation-codec.ts';
import { objectAt, readEvent } from '../../common/read-event.ts';

/** The answer without a stream is what the last event of one has. */
export function writtenAnswer(writer: TranslationWriter, events: readonly AnswerEvent[]): JsonObject {
  const last = events.flatMap((event) => writer.write(event)).at(-1);
  return last === undefined ? {} : objectAt(readEvent(last) ?? {}, 'response');
}
