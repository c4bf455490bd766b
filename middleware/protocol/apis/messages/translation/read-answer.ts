import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerEvent } from '../../../translation/answer-event.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import { eventFrame, objectAt, objectsIn } from '../../common/read-event.ts';
import { MessagesTranslationReader } from './reader.ts';

/** An answer that came whole, read as the stream that would have said the same. */
export function readMessagesAnswer(answer: JsonObject, names: ToolNames): readonly AnswerEvent[] {
  const reader = new MessagesTranslationReader(names);
  const { stop_reason: reason, usage } = answer;
  const events: readonly JsonObject[] = [
    { type: 'message_start', message: { ...answer, content: [] } },
    ...objectsIn(answer['content']).flatMap((block, index) => [
      { type: 'content_block_start', index, content_block: block },
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: { stop_reason: reason }, usage: objectAt({ usage }, 'usage') },
    { type: 'message_stop' },
  ];
  return events.flatMap((event) => reader.read(eventFrame(event)));
}
