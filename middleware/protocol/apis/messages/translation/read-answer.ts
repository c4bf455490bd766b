import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerEvent, AnswerFault } from '../../../translation/answer-event.ts';
import type { CallIds } from '../../../translation/call-id.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import { isText, objectAt, objectsIn } from '../../common/read-event.ts';
import { failureOf, hasFailed } from '../../answer-failure.ts';
import { toldFault } from '../../../translation/faults/told-fault.ts';
import { messagesUsage } from './read-usage.ts';
import { MessagesTranslationReader } from './reader.ts';

/** An answer that came whole, read as the stream that would have said the same. */
export function readMessagesAnswer(
  answer: JsonObject,
  names: ToolNames,
  { maker }: Pick<ModelTraits, 'maker'>,
  callIds?: CallIds,
): readonly AnswerEvent[] {
  const fault = faultIn(answer);
  const usage = objectAt(answer, 'usage');
  if (fault !== undefined) return [{ kind: 'failed', failure: fault, usage: messagesUsage(usage) }];
  const reader = new MessagesTranslationReader(names, maker, callIds);
  const { stop_reason: reason } = answer;
  const events: readonly JsonObject[] = [
    { type: 'message_start', message: { ...answer, content: [] } },
    ...objectsIn(answer['content']).flatMap((block, index) => [
      { type: 'content_block_start', index, content_block: block },
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: { stop_reason: reason }, usage },
    { type: 'message_stop' },
  ];
  return events.flatMap((event) => reader.readEvent(event));
}

/** Why an answer is none, whatever its status says; `undefined` for one that is whole. */
function faultIn(answer: JsonObject): AnswerFault | undefined {
  if (hasFailed(answer))
    return toldFault({ ...objectAt(answer, 'error'), message: failureOf(answer).message ?? '' });
  if (!Array.isArray(answer['content']))
    return toldFault({ message: "the provider's answer has no content" });
  return isText(answer['stop_reason'])
    ? undefined
    : toldFault({ message: "the provider's answer does not say why it ended" });
}
