interface FairBound<V> {
  readonly maxEntries: number;
  /** Whose an entry is, in as many names for each: a caller, then which client of it. */
  readonly ownerOf: (value: V) => readonly string[];
  /** Hears of each entry that falls out because of the bound. */
  readonly onDropped: (value: V) => void;
}

/**
 * A map that holds the entries used last, up to a bound on their number. Where it is full, the owner who has most makes
 * room, so that nobody pushes out what belongs to others.
 */
export class FairMap<V> {
  readonly #bound: FairBound<V>;
  /** The one unused for longest first. */
  readonly #entries = new Map<string, V>();

  constructor(bound: FairBound<V>) {
    this.#bound = bound;
  }

  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.#touch(key, value);
    return value;
  }

  set(key: string, value: V): void {
    this.#touch(key, value);
    if (this.#entries.size <= this.#bound.maxEntries) return;
    const dropped = this.#oldestOfMost(value);
    if (dropped === undefined) return;
    this.#entries.delete(dropped[0]);
    this.#bound.onDropped(dropped[1]);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  *[Symbol.iterator](): Generator<readonly [string, V], void, undefined> {
    yield* this.#entries;
  }

  #touch(key: string, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
  }

  /** Of the owner with most entries, by the first of its names, then among those by the next one. */
  #oldestOfMost(newest: V): readonly [string, V] | undefined {
    const { ownerOf } = this.#bound;
    let left = [...this.#entries];
    for (const part of ownerOf(newest).keys()) {
      const groups = [...Map.groupBy(left, ([, value]) => ownerOf(value)[part]).values()];
      left = groups.reduce((most, group) => (group.length > most.length ? group : most));
    }
    return left[0];
  }
}
