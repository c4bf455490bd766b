import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerEvent } from '../../../translation/answer-event.ts';
import type { ModelTraits } from '../../../translation/model-traits.ts';
import type { ToolNames } from '../../../translation/tool-names.ts';
import { ResponsesTranslationReader } from './reader.ts';

/** An answer that came whole, as the end of a stream that brought nothing before it. */
export function readResponsesAnswer(
  answer: JsonObject,
  names: ToolNames,
  { provider }: Pick<ModelTraits, 'provider'>,
): readonly AnswerEvent[] {
  return new ResponsesTranslationReader(names, provider).readWhole(answer);
}
