/** What is quicker than this says that a stream did not stay. */
const quickMs = 5_000;
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** How soon a stream is asked for again, whatever the server says of it: later each time that it ended at once. */
export class StreamPace {
  #askedAt: number | undefined;
  #quick = 0;

  /** How often in a row it ended at once. */
  get quick(): number {
    return this.#quick;
  }

  /** How long to wait before it is asked for; `now`: by a clock that only goes forward, in milliseconds. */
  pauseMs(now: number): number {
    if (this.#askedAt === undefined) return 0;
    const stayedMs = now - this.#askedAt;
    this.#quick = stayedMs < quickMs ? this.#quick + 1 : 0;
    const wholeMs = this.#quick === 0 ? 0 : firstPauseMs * 2 ** (this.#quick - 1);
    return Math.max(0, Math.min(wholeMs, longestPauseMs) - stayedMs);
  }

  asked(now: number): void {
    this.#askedAt = now;
  }

  /** Something came over it. */
  brought(): void {
    this.#quick = 0;
  }
}
