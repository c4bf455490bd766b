import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerUsage } from '../../../translation/answer-event.ts';
import { countAt } from '../../common/usage-counts.ts';
import { messagesAnswerCodec } from '../answer.ts';

/** What a message used; `undefined` where nothing was told. */
export function messagesUsage(usage: JsonObject | undefined): AnswerUsage | undefined {
  if (usage === undefined || Object.keys(usage).length === 0) return undefined;
  return {
    ...messagesAnswerCodec.countUsage(usage),
    cacheWriteTokens: countAt(usage, 'cache_creation_input_tokens'),
  };
}
