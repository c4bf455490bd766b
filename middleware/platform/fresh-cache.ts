import { setImmediate as nextTurn } from 'node:timers/promises';
import { BoundedMap } from '../kernel/bounds/bounded-map.ts';

interface FreshCacheOptions<T> {
  readonly maxEntries: number;
  /** For how long a value is given out without another look. */
  readonly freshMs: number;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
  /** Makes the value, or looks again whether the previous one still holds and returns that. */
  readonly load: (key: string, previous: T | undefined) => Promise<T>;
  /** Whether a value holds, found out without waiting; `undefined` where that does not tell. */
  readonly holds?: (value: T) => boolean | undefined;
  /** For how long a value is given out without that being asked; where nothing is said, for as long as without a look. */
  readonly checkMs?: number | undefined;
}

interface Entry<T> {
  readonly promise: Promise<T>;
  /** When the look began, or the value was last found to hold. */
  since: number;
  checkedAt: number;
  isLoading: boolean;
  loaded: { readonly value: T } | undefined;
  /** The look that was begun before this value got old. */
  next: Entry<T> | undefined;
}

/**
 * Values that are looked at again when somebody asks for them after a while, once for all who ask meanwhile. Who asks in the
 * second half of that while has another look begun and does not wait for it: where many ask, nobody waits. Of a value that tells by
 * itself that it holds, no look is made.
 * No timer and nothing to close: what nobody asks for costs nothing.
 */
export class FreshCache<T> {
  readonly #entries: BoundedMap<string, Entry<T>>;
  readonly #options: FreshCacheOptions<T>;

  constructor(options: FreshCacheOptions<T>) {
    this.#options = options;
    this.#entries = new BoundedMap(options.maxEntries);
  }

  get(key: string): Promise<T> {
    const known = this.#entries.get(key);
    const now = this.#options.now();
    const { freshMs } = this.#options;
    if (known === undefined) return this.#look(key, undefined, now).promise;
    if (known.isLoading) return known.promise;
    const verdict = this.#check(known, now);
    if (verdict === true) return known.promise;
    const hasChanged = verdict === false;
    const age = now - known.since;
    if (!hasChanged && age < freshMs / 2) return known.promise;
    if (!hasChanged && age < freshMs) {
      known.next ??= this.#lookAhead(key, known, now);
      return known.promise;
    }
    const ahead = hasChanged ? undefined : known.next;
    // One that takes that long began too early to count.
    const counts = ahead !== undefined && now - ahead.since < freshMs;
    const next = counts ? ahead : this.#look(key, known, now);
    this.#entries.set(key, next);
    return next.promise;
  }

  /** The value, where it counts and no look has to be begun; `undefined` where whoever asks has to `get` it. */
  now(key: string): T | undefined {
    const known = this.#entries.get(key);
    if (known?.loaded === undefined || known.isLoading) return undefined;
    const now = this.#options.now();
    const verdict = this.#check(known, now);
    const counts = verdict ?? now - known.since < this.#options.freshMs / 2;
    return counts ? known.loaded.value : undefined;
  }

  /** Asks a value whether it holds, when it is time to; one that has changed says so until it was looked at. */
  #check(known: Entry<T>, now: number): boolean | undefined {
    const { holds, freshMs, checkMs = freshMs } = this.#options;
    if (holds === undefined || known.loaded === undefined || now - known.checkedAt < checkMs)
      return undefined;
    const verdict = holds(known.loaded.value);
    if (verdict !== false) known.checkedAt = now;
    if (verdict === true) known.since = now;
    return verdict;
  }

  #lookAhead(key: string, known: Entry<T>, now: number): Entry<T> {
    // What looks begins with work of its own, which whoever asks does not wait for either.
    const next = this.#look(key, known, now, async (...args) => {
      await nextTurn();
      return this.#options.load(...args);
    });
    next.promise.then(
      () => {
        if (this.#entries.get(key) === known) this.#entries.set(key, next);
      },
      () => {
        known.next = undefined;
      },
    );
    return next;
  }

  #look(key: string, known: Entry<T> | undefined, now: number, start = this.#options.load): Entry<T> {
    const entry: Entry<T> = {
      promise: start(key, known?.loaded?.value).then(
        (value) => {
          entry.isLoading = false;
          entry.loaded = { value };
          return value;
        },
        (error: unknown) => {
          // Not kept: the next one who asks tries again.
          if (known === undefined) this.#entries.delete(key);
          else this.#entries.set(key, known);
          throw error;
        },
      ),
      since: now,
      checkedAt: now,
      isLoading: true,
      loaded: known?.loaded,
      next: undefined,
    };
    if (known === undefined) this.#entries.set(key, entry);
    return entry;
  }
}
