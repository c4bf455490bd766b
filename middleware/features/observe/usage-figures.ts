import type { Usage } from '../../kernel/usage.ts';
import type { UsageFigures } from '../../platform/telemetry/metrics.ts';

/** What a model call used, as metrics count it. */
export function usageFigures(model: string, provider: string | undefined, usage: Usage): UsageFigures {
  return {
    model,
    provider: provider ?? 'unknown',
    tokens: {
      input: usage.inputTokens,
      cached_input: usage.cachedInputTokens,
      output: usage.outputTokens,
      reasoning: usage.reasoningTokens,
    },
    costUsd: usage.costUsd,
  };
}
