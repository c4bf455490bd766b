import { runUnowned } from '../../../platform/process/request-owner.ts';
import { recentMs } from '../list-bounds.ts';
import { unlessAborted } from '../unless-aborted.ts';
import { keptIfSame } from './kept-if-same.ts';

interface ReaderOptions<Item> {
  /** Asks the server for all of the list. */
  readonly read: (signal: AbortSignal) => Promise<readonly Item[]>;
  /** How long it may take. */
  readonly maxMs: number;
  /** Hears that it was read, for whomever that was: `items` gives what it is now. */
  readonly onRead?: () => void;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
}

interface Reading<Item> {
  readonly items: Promise<readonly Item[]>;
  /** Whether the list was changed since it began. */
  isOld: boolean;
}

/** What was read is given to those who come so soon after it, unless the list was changed. */
const keptMs = 500;

/** One list of a server, which is asked for by one at a time: all who want it meanwhile get what comes of it. */
export class ListReader<Item> {
  readonly #options: ReaderOptions<Item>;
  #reading: Reading<Item> | undefined;
  #kept: { readonly items: readonly Item[]; readonly readAt: number } | undefined;
  #last: readonly Item[] | undefined;

  constructor(options: ReaderOptions<Item>) {
    this.#options = options;
  }

  /** What was read, or is read now, may be another list by now. */
  changed(): void {
    this.#kept = undefined;
    if (this.#reading !== undefined) this.#reading.isOld = true;
  }

  async items(signal: AbortSignal): Promise<readonly Item[]> {
    const kept = this.#keptFor(keptMs);
    if (kept !== undefined) return kept;
    // One that began before a change may have missed it; whoever comes next begins another one, behind it.
    if (this.#reading?.isOld === true) await unlessAborted(signal, over(this.#reading.items));
    this.#reading ??= this.#begin();
    return await unlessAborted(signal, this.#reading.items);
  }

  /** The same as it was a minute ago at most, unless it was changed since: for what cannot wait for the server each time. */
  async recent(signal: AbortSignal): Promise<readonly Item[]> {
    return this.#keptFor(recentMs) ?? (await this.items(signal));
  }

  #keptFor(ms: number): readonly Item[] | undefined {
    const kept = this.#kept;
    return kept !== undefined && this.#options.now() < kept.readAt + ms ? kept.items : undefined;
  }

  #begin(): Reading<Item> {
    const { read, maxMs, now, onRead } = this.#options;
    // For all who come, and not for the request that was the first.
    const asked = runUnowned(() => read(AbortSignal.timeout(maxMs)));
    const items = asked
      .then((told) => {
        const found = keptIfSame(told, this.#last);
        this.#last = found;
        if (reading.isOld) return found;
        this.#kept = { items: found, readAt: now() };
        onRead?.();
        return found;
      })
      .finally(() => {
        this.#reading = undefined;
      });
    // Those who wait may have left.
    items.catch(() => undefined);
    const reading = { items, isOld: false };
    return reading;
  }
}

async function over(promise: Promise<unknown>): Promise<void> {
  await promise.catch(() => undefined);
}
