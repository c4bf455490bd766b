import type { JsonObject } from '../../../../kernel/json-object.ts';
import type { AnswerUsage, EndReason } from '../../../translation/answer-event.ts';

/** Why an answer ended, as Anthropic names it. */
export const stopReasons: Readonly<Record<EndReason, string>> = {
  stop: 'end_turn',
  calls: 'tool_use',
  limit: 'max_tokens',
  filtered: 'refusal',
  paused: 'pause_turn',
  // Clients know no word for what may be half but that of the limit.
  unknown: 'max_tokens',
};

/** Anthropic counts what its cache had beside the other input. `cost` is LiteLLM's. */
export function writeMessagesUsage(usage: AnswerUsage | undefined): JsonObject {
  if (usage === undefined) return { input_tokens: 0, output_tokens: 0 };
  const { inputTokens, cachedInputTokens, cacheWriteTokens, outputTokens, reasoningTokens, costUsd } = usage;
  return {
    input_tokens: Math.max(0, inputTokens - cachedInputTokens - cacheWriteTokens),
    cache_creation_input_tokens: cacheWriteTokens,
    cache_read_input_tokens: cachedInputTokens,
    output_tokens: outputTokens,
    ...(reasoningTokens === 0 ? {} : { output_tokens_details: { thinking_tokens: reasoningTokens } }),
    ...(costUsd === undefined ? {} : { cost: costUsd }),
  };
}

/** A message before anything is in it. */
export function messageHead(id: string, model: string): JsonObject {
  return {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
  };
}
