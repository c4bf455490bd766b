/** What a provider counted of one request. */
export interface CountedTokens {
  /** Of the whole request. */
  readonly input: number;
  /** What its cache had. */
  readonly cached: number;
  /** What it put there. */
  readonly written: number;
}

/** About as many as tokenizers make of English and JSON. */
export function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}
