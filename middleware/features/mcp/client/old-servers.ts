import { BoundedMap } from '../../../kernel/bounds/bounded-map.ts';
import { plainKeyOf, type Launch } from '../launch.ts';

/** A server that learned the newer protocol answers the old one as well, and would be spoken to in that for ever. */
const validMs = 24 * 3_600_000;
const maxServers = 1_000;

type Asked = Pick<Launch, 'kind' | 'key' | 'plainKey'>;

/**
 * Which servers speak only the protocol up to 2025-11-25, by what they are started with, whatever they may ask: some of them end, or
 * are silent for a long time, when they are asked for the newer one, so that they are asked once a day.
 */
export class OldServers {
  readonly #foundAt = new BoundedMap<string, number>(maxServers);
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  has(launch: Asked): boolean {
    // Nothing newer was ever spoken over SSE.
    if (launch.kind === 'sse') return true;
    const at = this.#foundAt.get(plainKeyOf(launch));
    return at !== undefined && this.#now() - at < validMs;
  }

  /** Keeps the date where it is known already. */
  add(launch: Asked): void {
    if (!this.has(launch)) this.#foundAt.set(plainKeyOf(launch), this.#now());
  }

  delete(launch: Asked): void {
    this.#foundAt.delete(plainKeyOf(launch));
  }
}
