import type { Usage } from '../../kernel/usage.ts';
import type { UsageFigures } from '../../platform/telemetry/metrics.ts';

/** What model calls used and cost. */
interface Consumption {
  readonly usage: Usage | undefined;
  /** An upstream may tell it without the tokens. */
  readonly costUsd: number | undefined;
}

/** What model calls used, as metrics count it. */
export function usageFigures(
  model: string,
  provider: string | undefined,
  { usage, costUsd }: Consumption,
): UsageFigures {
  return {
    model,
    provider: provider ?? 'unknown',
    tokens: {
      input: usage?.inputTokens ?? 0,
      cached_input: usage?.cachedInputTokens ?? 0,
      output: usage?.outputTokens ?? 0,
      reasoning: usage?.reasoningTokens ?? 0,
    },
    costUsd,
  };
}
