/** Tokens of one model call, as the API reports them. */
export interface Usage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  /** In US dollars, where the upstream reports it. */
  readonly costUsd: number | undefined;
}
