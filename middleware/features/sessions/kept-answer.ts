/** An answer of ours that a client may go on from by its id: what the provider that it thinks of would have kept. */
export interface KeptAnswer {
  /** The answer of the provider's that the conversation had come to; none where it began here. */
  readonly previousId: string | undefined;
  /** Names the kept answer that it goes on from, where there is one: what was said before is kept there, and only there. */
  readonly behind: string | undefined;
  /** What was said since these, our answer at the end: items as the client would send them, each as bytes. */
  readonly items: readonly Buffer[];
}

/** In bytes. */
export function sizeOfKeptAnswer({ previousId = '', behind = '', items }: KeptAnswer): number {
  return items.reduce((size, item) => size + item.length, previousId.length + behind.length);
}
