import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerUsage } from '../../../translation/answer-event.ts';

/** `cost` is LiteLLM's, which also stands in its own answers. */
export function usageOf(usage: AnswerUsage | undefined): JsonObject | undefined {
  if (usage === undefined) return undefined;
  const { inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens, reasoningTokens, costUsd } = usage;
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cachedInputTokens, cache_write_tokens: cacheWriteTokens },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: reasoningTokens },
    total_tokens: inputTokens + outputTokens,
    ...(costUsd === undefined ? {} : { cost: costUsd }),
  };
}
