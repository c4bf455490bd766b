import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerUsage } from '../../../translation/answer-event.ts';
import { countAt, openaiUsage } from '../../common/usage-counts.ts';

/** LiteLLM adds how much went into the cache. */
export function chatUsage(usage: JsonObject): AnswerUsage {
  return {
    ...openaiUsage(usage, 'prompt', 'completion'),
    cacheWriteTokens: countAt(usage['prompt_tokens_details'], 'cache_creation_tokens'),
  };
}
