import type { Tool } from '@modelcontextprotocol/client';
import { runUnowned } from '../../platform/process/request-owner.ts';
import { keptIfSame } from './client/kept-if-same.ts';
import { recentMs } from './list-bounds.ts';
import { unlessAborted } from './unless-aborted.ts';

interface ListingOptions {
  /** Asks the server, which may have to be started for it. Rejects at once while it is left alone. */
  readonly ask: () => Promise<readonly Tool[]>;
  /** Whether the server tells by itself when it has other tools. */
  readonly tells: () => boolean;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
}

/** How long what a server told is believed where it does not say that it tells of changes. */
const believedMs = 5_000;

/** The tools of one server, for those who cannot wait for it as long as it takes. */
export class ToolListing {
  readonly #options: ListingOptions;
  #known: readonly Tool[] | undefined;
  #asking: Promise<readonly Tool[]> | undefined;
  #askedAt = 0;
  #hasFailed = false;
  /** When they were last told by the connection that there is; `undefined` where it has not told them yet. */
  #toldAt: number | undefined;

  constructor(options: ListingOptions) {
    this.#options = options;
  }

  /** As of when they were last told. */
  get known(): readonly Tool[] | undefined {
    return this.#known;
  }

  /** What is known, where a server that runs need not be asked for it anew. */
  settled(isRunning: boolean): readonly Tool[] | undefined {
    return !isRunning || this.#isBelieved() ? this.#known : undefined;
  }

  /** The same object where it is the same list: what is made of it is kept. */
  told(tools: readonly Tool[]): void {
    this.#known = keptIfSame(tools, this.#known);
    this.#hasFailed = false;
    this.#toldAt = this.#options.now();
  }

  /** The server may have other tools: there is another connection, or it says so. */
  renewed(): void {
    this.#toldAt = undefined;
  }

  /** The server did not tell them when it was asked beside this: what is known may be old. */
  failed(): void {
    this.#toldAt = undefined;
  }

  /** What made it fail is over: whoever wants the tools waits for it. */
  forgive(): void {
    this.#hasFailed = false;
  }

  /**
   * What is known, while it is asked for anew unless it was told just now; where nothing is, what the server says within so many milliseconds
   * since it was asked. `undefined` where it does not: whoever asks later waits no second time, and for a server that
   * failed the last time nobody does: it is asked all the same.
   */
  async within(waitMs: number, signal: AbortSignal): Promise<readonly Tool[] | undefined> {
    const { now } = this.#options;
    if (this.#asking === undefined && !this.#isBelieved()) this.#ask();
    const leftMs = waitMs - (now() - this.#askedAt);
    if (this.#known !== undefined || this.#asking === undefined) return this.#known;
    if (this.#hasFailed || leftMs <= 0) return undefined;
    const late = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(leftMs))]);
    try {
      await unlessAborted(late, this.#asking);
    } catch {
      signal.throwIfAborted();
    }
    return this.#known;
  }

  #isBelieved(): boolean {
    const { now, tells } = this.#options;
    return this.#toldAt !== undefined && now() - this.#toldAt < (tells() ? recentMs : believedMs);
  }

  #ask(): void {
    const { ask, now } = this.#options;
    this.#askedAt = now();
    // It is asked for all who come, and not for the request that was the first.
    const asking = runUnowned(ask);
    this.#asking = asking;
    asking
      .then((tools) => {
        this.told(tools);
      })
      // Also where what it told cannot be kept.
      .catch(() => {
        this.#hasFailed = true;
      })
      .finally(() => {
        this.#asking = undefined;
      });
  }
}
