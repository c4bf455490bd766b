import { BoundedMap } from '../../../kernel/bounds/bounded-map.ts';

/** A server that learned the newer protocol answers the old one as well, and would be spoken to in that for ever. */
const validMs = 24 * 3_600_000;
const maxServers = 1_000;

/**
 * Which servers speak only the protocol up to 2025-11-25, by what they are started with: some of them end, or are silent for a long
 * time, when they are asked for the newer one, so that they are asked once a day.
 */
export class OldServers {
  readonly #foundAt = new BoundedMap<string, number>(maxServers);
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  has(key: string): boolean {
    const at = this.#foundAt.get(key);
    return at !== undefined && this.#now() - at < validMs;
  }

  /** Keeps the date where it is known already. */
  add(key: string): void {
    if (!this.has(key)) this.#foundAt.set(key, this.#now());
  }

  delete(key: string): void {
    this.#foundAt.delete(key);
  }
}
