/** What of a model and its provider a request has to fit. */
export interface ModelTraits {
  /** As LiteLLM names it: `anthropic`, `gemini`, `deepseek` … */
  readonly provider: string | undefined;
  /**
   * Who makes its answers, as originals name it: what one wants back, another refuses that has the same API. `undefined` where
   * several may answer that do not take each other's.
   */
  readonly maker: string | undefined;
  /** The provider's own name of the model. */
  readonly providerModel: string;
  /** Whether it is called at an address of the configuration's, where anything may be that speaks its API. */
  readonly hasOtherAddress: boolean;
  readonly takesImages: boolean;
  readonly reasons: boolean;
  /** Whether the model decides itself how long to think, and takes an effort instead of a budget. */
  readonly thinksAdaptively: boolean;
  /** Whether it cannot be told not to think. */
  readonly alwaysThinks: boolean;
  /** Efforts that it takes; `undefined` where nobody knows. */
  readonly efforts: readonly string[] | undefined;
  readonly takesSampling: boolean;
  /** Whether the form of an answer may be given as a JSON schema. */
  readonly takesSchema: boolean;
  /** Whether a tool may be forced. */
  readonly takesForcedTools: boolean;
  /** Whether a message of the role `system` may stand among those of Anthropic's API. */
  readonly takesSystemTurns: boolean;
  /** How many marks for its cache a request may have: LiteLLM's configuration may set one itself. */
  readonly cacheMarks: number;
  /** How much it may write where a request does not say, as the configuration has it. */
  readonly usualMaxTokens: number | undefined;
  readonly maxOutputTokens: number | undefined;
  /** Whether the provider is called itself: LiteLLM takes out what a provider refuses, and has names of its own. */
  readonly isDirect: boolean;
}
