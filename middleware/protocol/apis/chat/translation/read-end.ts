import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerUsage } from '../../../translation/answer-event.ts';
import { countAt, openaiUsage } from '../../common/usage-counts.ts';

/** How much went into the cache has OpenAI's name or, at providers that LiteLLM speaks to in its own words, an older one of LiteLLM. */
export function chatUsage(usage: JsonObject): AnswerUsage {
  const details = usage['prompt_tokens_details'];
  return {
    ...openaiUsage(usage, 'prompt', 'completion'),
    cacheWriteTokens: countAt(details, 'cache_write_tokens') || countAt(details, 'cache_creation_tokens'),
  };
}
