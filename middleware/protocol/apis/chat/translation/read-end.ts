import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerUsage } from '../../../translation/answer-event.ts';
import { objectAt } from '../../common/read-event.ts';

export function chatUsage(usage: JsonObject): AnswerUsage {
  const input = objectAt(usage, 'prompt_tokens_details');
  const output = objectAt(usage, 'completion_tokens_details');
  return {
    inputTokens: countAt(usage, 'prompt_tokens'),
    cachedTokens: countAt(input, 'cached_tokens'),
    cacheWriteTokens: countAt(input, 'cache_creation_tokens'),
    outputTokens: countAt(usage, 'completion_tokens'),
    reasoningTokens: countAt(output, 'reasoning_tokens'),
    costUsd: typeof usage['cost'] === 'number' ? usage['cost'] : undefined,
  };
}

function countAt(counts: JsonObject, key: string): number {
  const value = counts[key];
  return typeof value === 'number' ? value : 0;
}
