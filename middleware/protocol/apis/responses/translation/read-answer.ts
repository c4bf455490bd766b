import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerEvent } from '../../../translation/answer-event.ts';
import { failureOf, hasFailed } from '../../answer-failure.ts';
import type { CallIds } from '../../../translation/call-id.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import { isText } from '../../common/read-event.ts';
import { ResponsesTranslationReader } from './reader.ts';

/** An answer that came whole, as the end of a stream that brought nothing before it. */
export function readResponsesAnswer(
  answer: JsonObject,
  names: ToolNames,
  { maker }: Pick<ModelTraits, 'maker'>,
  callIds?: CallIds,
): readonly AnswerEvent[] {
  return readWholeAnswer(answer, new ResponsesTranslationReader(names, maker, callIds));
}

/** The same with a reader of one's own. */
export function readWholeAnswer(
  answer: JsonObject,
  reader: ResponsesTranslationReader,
): readonly AnswerEvent[] {
  return reader.readWhole(withFailure(answer));
}

/** An answer that is none, as one that says so. */
function withFailure(answer: JsonObject): JsonObject {
  if (hasFailed(answer)) return { ...answer, status: 'failed' };
  const { status } = answer;
  if (status === 'in_progress' || status === 'queued') return failed("the provider's answer has not ended");
  if (status === 'cancelled') return answer;
  if (!Array.isArray(answer['output']))
    return failed(failureOf(answer).message ?? "the provider's answer has no output");
  return isText(status) ? answer : failed("the provider's answer does not say how it ended");
}

function failed(message: string): JsonObject {
  return { status: 'failed', error: { message } };
}
