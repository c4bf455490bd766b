/** Hears of each entry that falls out because of a bound. */
interface DropListener<K, V> {
  readonly onDropped: (value: V, key: K) => void;
}

/** What the entries of a map may take together. */
export interface SizeBound<K, V> extends Partial<DropListener<K, V>> {
  readonly maxSize: number;
  /** Asked when an entry is set: one that grows later has to be set again. */
  readonly sizeOf: (value: V, key: K) => number;
}

interface Entry<V> {
  readonly value: V;
  size: number;
}

/**
 * A map that holds the entries used last, up to a bound on their number and one on their sizes; the newest stays in
 * any case.
 */
export class BoundedMap<K, V> {
  readonly #entries = new Map<K, Entry<V>>();
  readonly #maxEntries: number;
  readonly #bound: Partial<SizeBound<K, V>>;
  #totalSize = 0;

  constructor(maxEntries: number, bound?: SizeBound<K, V> | DropListener<K, V>) {
    this.#maxEntries = maxEntries;
    this.#bound = bound ?? {};
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Of all entries, in the unit of the bound; 0 without one. */
  get totalSize(): number {
    return this.#totalSize;
  }

  get(key: K): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    // A Map keeps the order of insertion, so that the first entry is the one unused for longest.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Those that were not used for longest first. */
  *values(): Generator<V, void, undefined> {
    for (const { value } of this.#entries.values()) yield value;
  }

  set(key: K, value: V): void {
    this.delete(key);
    const size = this.#bound.sizeOf?.(value, key) ?? 0;
    this.#entries.set(key, { value, size });
    this.#totalSize += size;
    if (!this.#isOverBound()) return;
    for (const [oldest, entry] of this.#entries) {
      this.delete(oldest);
      this.#bound.onDropped?.(entry.value, oldest);
      if (!this.#isOverBound()) return;
    }
  }

  /** Asks the size of an entry that shrank again. It stays as long unused as it is, and nothing falls out. */
  recount(key: K): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#totalSize -= entry.size;
    entry.size = this.#bound.sizeOf?.(entry.value, key) ?? 0;
    this.#totalSize += entry.size;
  }

  delete(key: K): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#totalSize -= entry.size;
    this.#entries.delete(key);
  }

  /** The one unused for longest first. */
  *[Symbol.iterator](): Generator<readonly [K, V], void, undefined> {
    for (const [key, { value }] of this.#entries) yield [key, value];
  }

  #isOverBound(): boolean {
    const { size } = this.#entries;
    return size > this.#maxEntries || (size > 1 && this.#totalSize > (this.#bound.maxSize ?? Infinity));
  }
}
