import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerEnd, EndReason } from '../../../translation/answer-event.ts';
import { objectAt, textAt } from '../../common/read-event.ts';

/** Why an answer of a provider is not whole; `undefined` for one that is. */
export function endOf(response: JsonObject): Pick<AnswerEnd, 'reason' | 'told'> | undefined {
  const status = textAt(response, 'status');
  if (status === 'completed') return undefined;
  if (status !== 'incomplete') return { reason: 'unknown', told: status };
  const told = textAt(objectAt(response, 'incomplete_details'), 'reason');
  const reason = cutReasons.get(told);
  return reason === undefined ? { reason: 'unknown', told: told || status } : { reason };
}

/** LiteLLM passes on some words of other APIs. Source: OpenAI API reference, "The response object". */
const cutReasons: ReadonlyMap<string, EndReason> = new Map([
  // An answer that only says that it is cut off.
  ['', 'limit'],
  ['max_output_tokens', 'limit'],
  ['max_tokens', 'limit'],
  ['length', 'limit'],
  ['max_messages', 'limit'],
  ['content_filter', 'filtered'],
]);
