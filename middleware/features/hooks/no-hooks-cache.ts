import { BoundedMap } from '../../kernel/bounds/bounded-map.ts';

interface NoHooksCacheOptions {
  readonly maxFolders: number;
  /** For how long it is believed. */
  readonly freshMs: number;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
}

/** Remembers for a moment where there are neither hooks nor rules, so that many requests a second are not all looked at. */
export class NoHooksCache {
  readonly #until: BoundedMap<string, number>;
  readonly #options: NoHooksCacheOptions;

  constructor(options: NoHooksCacheOptions) {
    this.#options = options;
    this.#until = new BoundedMap(options.maxFolders);
  }

  now(): number {
    return this.#options.now();
  }

  has(key: string): boolean {
    return this.now() < (this.#until.get(key) ?? 0);
  }

  /** `lookedAt`: when the look began that found nothing. */
  add(key: string, lookedAt: number): void {
    this.#until.set(key, lookedAt + this.#options.freshMs);
  }
}
