import { runUnowned } from '../request-owner.ts';
import type { StartFast } from '../run-bounded.ts';
import { HelperProcess } from './helper-process.ts';
import { spareLine } from './spare-line.ts';
import type { SpareShell } from './spare-shell.ts';

/** So many wait. Each takes a tenth of a megabyte beside the others. */
const spares = 4;
/** Behind a start, so that the next one does not compete with it. */
const refillAfterMs = 10;
/** Longest wait for a shell where none is left: nothing was begun yet, and we can start it ourselves. */
const maxWaitMs = 1_000;
/** A helper that ends again and again, without having run for long, is not started any more. */
const maxAgain = 5;
const longMs = 60_000;

/**
 * Starts programs from shells that wait for it, which a small process of ours has started ahead: a process starts another one by copying
 * its page tables, which takes us 5 to 12 ms, in which we do nothing else, and slows us down behind it; the small one takes 1 to 2, and
 * nobody waits for it. The first program, and what no shell can become exactly, is left to whoever asks.
 */
export class SpareShells {
  readonly #ready: SpareShell[] = [];
  readonly #waiting: ((spare: SpareShell | undefined) => void)[] = [];
  #helper: HelperProcess | undefined;
  /** Whether it has started one yet. */
  #isUp = false;
  #coming = 0;
  #again = 0;
  #startedAt = 0;
  #refill: NodeJS.Timeout | undefined;
  #isClosed = false;

  readonly start: StartFast = async (program, signal) => {
    // libuv starts programs without a copy on macOS.
    if (process.platform !== 'linux' || this.#isClosed) return undefined;
    const line = spareLine(program);
    if (line === undefined) return undefined;
    const spare = await this.#take(signal);
    return spare?.become(line, signal);
  };

  /** @internal for tests */
  get helperPid(): number | undefined {
    return this.#helper?.pid;
  }

  /** Ends what still runs in them. */
  readonly close = (): void => {
    this.#isClosed = true;
    this.#helper?.close();
    this.#leave();
  };

  async #take(signal: AbortSignal): Promise<SpareShell | undefined> {
    this.#startHelper();
    if (!this.#isUp) {
      this.#ask();
      return undefined;
    }
    const spare = this.#nextReady() ?? (await this.#nextComing(signal));
    this.#refill ??= setTimeout(() => {
      this.#refill = undefined;
      this.#ask();
    }, refillAfterMs).unref();
    return spare;
  }

  #nextReady(): SpareShell | undefined {
    for (let spare = this.#ready.shift(); spare !== undefined; spare = this.#ready.shift())
      if (spare.isWaiting) return spare;
    return undefined;
  }

  #nextComing(signal: AbortSignal): Promise<SpareShell | undefined> {
    return new Promise((resolve) => {
      const done = (spare: SpareShell | undefined): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', leave);
        resolve(spare);
      };
      const leave = (): void => {
        const place = this.#waiting.indexOf(done);
        if (place !== -1) this.#waiting.splice(place, 1);
        done(undefined);
      };
      const timer = setTimeout(leave, maxWaitMs);
      signal.addEventListener('abort', leave);
      this.#waiting.push(done);
      this.#ask();
    });
  }

  #startHelper(): void {
    if (this.#helper !== undefined || this.#again > maxAgain) return;
    this.#startedAt = performance.now();
    try {
      this.#helper = this.#newHelper();
    } catch {
      // Without memory or descriptors left, it is not the first to fail.
      this.#again += 1;
    }
  }

  #newHelper(): HelperProcess {
    const events = {
      onSpare: (spare: SpareShell) => {
        this.#isUp = true;
        this.#coming -= 1;
        const waiting = this.#waiting.shift();
        if (waiting === undefined) this.#ready.push(spare);
        else waiting(spare);
      },
      onFailure: () => {
        this.#coming -= 1;
        this.#waiting.shift()?.(undefined);
      },
      onGone: () => {
        this.#again = performance.now() - this.#startedAt < longMs ? this.#again + 1 : 1;
        this.#leave();
      },
    };
    // It serves other requests later.
    return runUnowned(() => new HelperProcess(events));
  }

  #ask(): void {
    if (this.#helper === undefined) return;
    for (let wanted = spares + this.#waiting.length; this.#ready.length + this.#coming < wanted;) {
      this.#coming += 1;
      this.#helper.startShell();
    }
  }

  #leave(): void {
    clearTimeout(this.#refill);
    this.#refill = undefined;
    this.#helper = undefined;
    this.#isUp = false;
    this.#coming = 0;
    for (const spare of this.#ready.splice(0)) spare.drop();
    for (const waiting of this.#waiting.splice(0)) waiting(undefined);
  }
}
