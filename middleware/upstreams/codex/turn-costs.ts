/** What the calls of models cost that one turn made. */
export interface TurnCost {
  /** In US dollars; `undefined` where nobody told it. */
  readonly usd: number | undefined;
  /** Nothing more is added. */
  readonly close: () => void;
}

/** What turns cost whose calls of models come back to us, which Codex itself tells nothing of. */
export class TurnCosts {
  /** By Codex's name of the thread that a turn runs in. */
  readonly #open = new Map<string, { usd: number | undefined }>();

  open(threadId: string): TurnCost {
    const cost: { usd: number | undefined } = { usd: undefined };
    this.#open.set(threadId, cost);
    return Object.assign(cost, { close: () => this.#open.delete(threadId) });
  }

  /** Of one call; of a thread that has ended, or is none of ours, it says nothing. */
  add(threadId: string, usd: number): void {
    const cost = this.#open.get(threadId);
    if (cost !== undefined) cost.usd = (cost.usd ?? 0) + usd;
  }
}
