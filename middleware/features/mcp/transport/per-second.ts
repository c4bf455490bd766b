/** What a server may say in a second that nobody asked for: requests and news. */
export const maxUnasked = 1_000;

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

  /** Whether once more is within the bound. */
  take(): boolean {
    const now = this.#now();
    if (now >= this.#until) {
      this.#until = now + 1_000;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count <= this.#max;
  }
}
