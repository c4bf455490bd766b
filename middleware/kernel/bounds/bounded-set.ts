import { BoundedMap } from './bounded-map.ts';

/** A set of the texts used last, up to a bound on their number. */
export class BoundedSet {
  readonly #texts: BoundedMap<string, true>;

  constructor(maxEntries: number) {
    this.#texts = new BoundedMap(maxEntries, { maxSize: Infinity, sizeOf: (_kept, { length }) => length });
  }

  /** Of all texts, in characters. */
  get totalSize(): number {
    return this.#texts.totalSize;
  }

  has(text: string): boolean {
    return this.#texts.get(text) === true;
  }

  add(text: string): void {
    this.#texts.set(text, true);
  }
}
