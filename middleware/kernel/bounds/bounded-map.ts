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

interface Entry<K, V> {
  readonly key: K;
  readonly value: V;
  size: number;
  older: Entry<K, V> | undefined;
  newer: Entry<K, V> | undefined;
}

/**
 * A map that holds the entries used last, up to a bound on their number and one on their sizes; the newest stays in
 * any case.
 */
export class BoundedMap<K, V> {
  // Entries are chained by their last use. To be put into the Map again with every use would have it rebuild itself all the time.
  readonly #entries = new Map<K, Entry<K, V>>();
  readonly #maxEntries: number;
  readonly #bound: Partial<SizeBound<K, V>>;
  #oldest: Entry<K, V> | undefined;
  #newest: Entry<K, V> | undefined;
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
    if (entry !== this.#newest) {
      this.#takeOut(entry);
      this.#putLast(entry);
    }
    return entry.value;
  }

  /** Those that were not used for longest first. */
  *values(): Generator<V, void, undefined> {
    for (const [, value] of this) yield value;
  }

  set(key: K, value: V): void {
    this.delete(key);
    const size = this.#bound.sizeOf?.(value, key) ?? 0;
    const entry: Entry<K, V> = { key, value, size, older: undefined, newer: undefined };
    this.#entries.set(key, entry);
    this.#putLast(entry);
    this.#totalSize += size;
    while (this.#isOverBound()) {
      const oldest = this.#oldest;
      if (oldest === undefined) return;
      this.delete(oldest.key);
      this.#bound.onDropped?.(oldest.value, oldest.key);
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
    this.#takeOut(entry);
  }

  /** The one unused for longest first. The map may change meanwhile: those are told that it had at the beginning. */
  *[Symbol.iterator](): Generator<readonly [K, V], void, undefined> {
    const entries: Entry<K, V>[] = [];
    for (let entry = this.#oldest; entry !== undefined; entry = entry.newer) entries.push(entry);
    for (const { key, value } of entries) yield [key, value];
  }

  #putLast(entry: Entry<K, V>): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #takeOut({ older, newer }: Entry<K, V>): void {
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
  }

  #isOverBound(): boolean {
    const { size } = this.#entries;
    return size > this.#maxEntries || (size > 1 && this.#totalSize > (this.#bound.maxSize ?? Infinity));
  }
}
