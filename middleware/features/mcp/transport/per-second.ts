/** What a server may say in a second that nobody asked for: requests and news. */
export const maxUnasked = 1_000;

/** How many values there may be in all of that: each of them is read, checked and passed on. */
export const maxUnaskedValues = 100_000;

/** Of these one that came too often counts for all. */
export const changes = new Set([
  'notifications/tools/list_changed',
  'notifications/prompts/list_changed',
  'notifications/resources/list_changed',
]);

/** Counts what happens, up to so many times in a second. */
export class PerSecond {
  readonly #max: number;
  readonly #now: () => number;
  #count = 0;
  #until = 0;

  /** `now`: a clock that only goes forward, in milliseconds. */
  constructor(max: number, now: () => number) {
    this.#max = max;
    this.#now = now;
  }

  /** Whether so many more are within the bound; where they are not, fewer still may be. */
  take(amount = 1): boolean {
    const now = this.#now();
    if (now >= this.#until) {
      this.#until = now + 1_000;
      this.#count = 0;
    }
    if (this.#count + amount > this.#max) return false;
    this.#count += amount;
    return true;
  }
}
