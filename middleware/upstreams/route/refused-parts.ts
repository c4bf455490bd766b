import { BoundedMap } from '../../kernel/bounds/bounded-map.ts';

/** An organization may be verified in the meantime, and a model replaced. */
const keptMs = 15 * 60_000;
/** Clients say what a model is called. */
const maxKept = 1_000;

/** What models refused of requests that can do without it. */
export class RefusedParts {
  readonly #until = new BoundedMap<string, number>(maxKept);

  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  has(part: string, model: string): boolean {
    const until = this.#until.get(keyOf(part, model));
    return until !== undefined && this.#now() < until;
  }

  add(part: string, model: string): void {
    this.#until.set(keyOf(part, model), this.#now() + keptMs);
  }
}

function keyOf(part: string, model: string): string {
  return `${part} ${model}`;
}
