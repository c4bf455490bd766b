import { BoundedMap } from '../../kernel/bounds/bounded-map.ts';

/** An organization may be verified in the meantime. */
const keptMs = 15 * 60_000;
/** Clients say what a model is called. */
const maxModels = 1_000;

/** Models whose provider refused to show what they think. */
export class HiddenThoughts {
  readonly #until = new BoundedMap<string, number>(maxModels);

  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  has(model: string): boolean {
    const until = this.#until.get(model);
    return until !== undefined && this.#now() < until;
  }

  add(model: string): void {
    this.#until.set(model, this.#now() + keptMs);
  }
}
