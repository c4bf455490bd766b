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
}

interface Entry<T> {
  readonly promise: Promise<T>;
  readonly startedAt: number;
  isLoading: boolean;
  value: T | undefined;
  /** The look that was begun before this value got old. */
  next: Entry<T> | undefined;
}

/**
 * Values that are looked at again when somebody asks for them after a while, once for all who ask meanwhile. Who asks in the
 * second half of that while has another look begun and does not wait for it: where many ask, nobody waits.
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
    const age = now - known.startedAt;
    if (known.isLoading || age < freshMs / 2) return known.promise;
    if (age < freshMs) {
      known.next ??= this.#lookAhead(key, known, now);
      return known.promise;
    }
    const ahead = known.next;
    // One that takes that long began too early to count.
    const counts = ahead !== undefined && now - ahead.startedAt < freshMs;
    const next = counts ? ahead : this.#look(key, known, now);
    this.#entries.set(key, next);
    return next.promise;
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
      promise: start(key, known?.value).then(
        (value) => {
          entry.isLoading = false;
          entry.value = value;
          return value;
        },
        (error: unknown) => {
          // Not kept: the next one who asks tries again.
          if (known === undefined) this.#entries.delete(key);
          else this.#entries.set(key, known);
          throw error;
        },
      ),
      startedAt: now,
      isLoading: true,
      value: known?.value,
      next: undefined,
    };
    if (known === undefined) this.#entries.set(key, entry);
    return entry;
  }
}
