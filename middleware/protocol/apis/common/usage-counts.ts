import { isJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { Usage } from '../../../kernel/usage.ts';

/** The usage in OpenAI's words: `input_tokens` and `output_tokens`, or `prompt_tokens` and `completion_tokens`. */
export function openaiUsage(usage: JsonObject, input: string, output: string): Usage {
  return {
    inputTokens: countAt(usage, `${input}_tokens`),
    // DeepSeek's own name, where it is called itself.
    cachedInputTokens:
      countAt(usage[`${input}_tokens_details`], 'cached_tokens') ||
      countAt(usage, `${input}_cache_hit_tokens`),
    outputTokens: countAt(usage, `${output}_tokens`),
    reasoningTokens: countAt(usage[`${output}_tokens_details`], 'reasoning_tokens'),
    costUsd: costAt(usage),
  };
}

/** LiteLLM adds the cost of the call (`include_cost_in_streaming_usage`). */
export function costAt(usage: JsonObject): number | undefined {
  const cost = usage['cost'];
  return typeof cost === 'number' && Number.isFinite(cost) && cost >= 0 ? cost : undefined;
}

/** A count in an object; none where there is no object, or no number in it. */
export function countAt(parent: unknown, key: string): number {
  const value = isJsonObject(parent) ? parent[key] : undefined;
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

/** A member of an object that is an object. */
export function usageAt(parent: unknown, key = 'usage'): JsonObject | undefined {
  const value = isJsonObject(parent) ? parent[key] : undefined;
  return isJsonObject(value) ? value : undefined;
}

type Counts = Record<string, unknown>;

/**
 * What was told of a usage, with what is told of it now: counts of the whole answer, which take the place of those before. It is added to
 * `before`, for there may be thousands; a member that is null says nothing.
 */
export function addCounts(before: Counts | undefined, told: JsonObject): Counts {
  const counts = before ?? (Object.create(null) as Counts);
  for (const [name, value] of Object.entries(told)) if (value !== null) counts[name] = value;
  return counts;
}
