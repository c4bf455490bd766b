import { runUnowned } from '../../../platform/process/request-owner.ts';
import { unlessAborted } from '../unless-aborted.ts';

interface ReaderOptions<Item> {
  /** Asks the server for all of the list. */
  readonly read: (signal: AbortSignal) => Promise<readonly Item[]>;
  /** How long it may take. */
  readonly maxMs: number;
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
  #kept: { readonly items: readonly Item[]; readonly until: number } | undefined;

  constructor(options: ReaderOptions<Item>) {
    this.#options = options;
  }

  /** What was read, or is read now, may be another list by now. */
  changed(): void {
    this.#kept = undefined;
    if (this.#reading !== undefined) this.#reading.isOld = true;
  }

  async items(signal: AbortSignal): Promise<readonly Item[]> {
    if (this.#kept !== undefined && this.#options.now() < this.#kept.until) return this.#kept.items;
    // One that began before a change may have missed it; whoever comes next begins another one, behind it.
    if (this.#reading?.isOld === true) await unlessAborted(signal, over(this.#reading.items));
    this.#reading ??= this.#begin();
    return await unlessAborted(signal, this.#reading.items);
  }

  #begin(): Reading<Item> {
    const { read, maxMs, now } = this.#options;
    // For all who come, and not for the request that was the first.
    const asked = runUnowned(() => read(AbortSignal.timeout(maxMs)));
    const items = asked
      .then((found) => {
        if (!reading.isOld) this.#kept = { items: found, until: now() + keptMs };
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
