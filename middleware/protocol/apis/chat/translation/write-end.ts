import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerUsage, EndReason } from '../../../translation/answer-event.ts';

/** Why an answer ended, as OpenAI names it. */
export const finishReasons: Readonly<Record<EndReason, string>> = {
  stop: 'stop',
  calls: 'tool_calls',
  limit: 'length',
  filtered: 'content_filter',
  // Clients know no word for what may be half but that of the limit.
  paused: 'length',
  unknown: 'length',
};

/** `cost` is LiteLLM's, which also stands in its own answers. */
export function writeChatUsage(usage: AnswerUsage | undefined): JsonObject | undefined {
  if (usage === undefined) return undefined;
  const { inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens, reasoningTokens, costUsd } = usage;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedInputTokens, cache_write_tokens: cacheWriteTokens },
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
    ...(costUsd === undefined ? {} : { cost: costUsd }),
  };
}
