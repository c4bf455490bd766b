import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerEvent } from '../../../translation/answer-event.ts';
import type { CallIds } from '../../../translation/call-id.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import { objectAt, objectsIn } from '../../common/read-event.ts';
import { ChatTranslationReader } from './reader.ts';

/** An answer that came whole, read as the one chunk of a stream that would have said the same. */
export function readChatAnswer(
  answer: JsonObject,
  names: ToolNames,
  traits: Pick<ModelTraits, 'maker' | 'provider'>,
  callIds?: CallIds,
): readonly AnswerEvent[] {
  const reader = new ChatTranslationReader(names, traits, callIds);
  const [choice = {}] = objectsIn(answer['choices']);
  const message = objectAt(choice, 'message');
  const calls = objectsIn(message['tool_calls']).map((call, index) => ({ ...call, index }));
  const chunk = {
    ...answer,
    choices: [{ ...choice, index: 0, delta: { ...message, tool_calls: calls } }],
  };
  return [...reader.readChunk(chunk), ...reader.finish()];
}
