import { CodexPlusError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { Worker } from './worker.ts';

export interface WorkerPoolOptions {
  /** Workers that run side by side. */
  readonly size: number;
  /** With so many turns a worker has a new one started that follows it: Codex keeps what it had of each thread for half an hour. */
  readonly turnsPerWorker: number;
  /**
   * A worker that holds more is followed by a new one as well. With those that were followed and end what they have, all
   * together hold no more than twice what those in their places may.
   */
  readonly maxWorkerBytes: number;
  /** Turns that may run at once; one more is refused. */
  readonly maxTurns: number;
  /** Of those, the ones that may be streamed. */
  readonly maxStreams: number;
  /** A started worker that is ready; rejects with a sentence. */
  readonly start: () => Promise<Worker>;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
  readonly log: Log;
}

/** How a worker is now. */
export interface WorkerFigures {
  readonly pid: number | undefined;
  /** Its place, from 1 on; `undefined`: it is followed by a new one, and ends what it has. */
  readonly place: number | undefined;
  /** Turns that run, and all that it was given. */
  readonly running: number;
  readonly taken: number;
  readonly residentBytes: number | undefined;
}

/** Memory is looked at when a turn has ended, and so often, as one turn may be a long one. */
const measuredEveryMs = 10_000;
const firstPauseMs = 250;
const longestPauseMs = 5_000;

/** One place of the pool: its worker, or a pause after failures. */
interface Slot {
  worker: Worker | undefined;
  failures: number;
  /** Why it failed last. */
  lastWhy: string;
  pausedUntil: number;
}

/** The workers that answer turns, each many at once. They are started when they are first needed, and anew when they end. */
export class WorkerPool {
  readonly #options: WorkerPoolOptions;
  readonly #slots: readonly Slot[];
  readonly #leaving = new Set<Worker>();
  /** One at a time: a start takes the machine for a second. */
  #starting: Promise<Worker> | undefined;
  #running = 0;
  #streams = 0;
  #isClosed = false;
  readonly #measuring: NodeJS.Timeout;

  constructor(options: WorkerPoolOptions) {
    this.#options = options;
    this.#slots = Array.from({ length: options.size }, () => ({
      ...{ worker: undefined, failures: 0, lastWhy: '', pausedUntil: 0 },
    }));
    this.#measuring = setInterval(() => {
      for (const worker of this.#workers()) void this.#checkMemory(worker);
    }, measuredEveryMs).unref();
  }

  /** Those that run, in the order of their places. */
  figures(): readonly WorkerFigures[] {
    const placed = this.#slots.flatMap(({ worker }, at) => (worker ? [figuresOf(worker, at + 1)] : []));
    return [...placed, ...[...this.#leaving].map((worker) => figuresOf(worker, undefined))];
  }

  /** Turns that run and are streamed. */
  get streams(): number {
    return this.#streams;
  }

  /**
   * Takes one of the places that `maxTurns` and `maxStreams` give, until `leave` is called. Throws a CodexPlusError
   * (429, with `retry-after`) where all are taken.
   */
  enter({ isStreamed }: { readonly isStreamed: boolean }): { readonly leave: () => void } {
    const { maxTurns, maxStreams } = this.#options;
    if (this.#running >= maxTurns) throw full(`${maxTurns} calls`);
    if (isStreamed && this.#streams >= maxStreams) throw full(`${maxStreams} streams`);
    const streams = isStreamed ? 1 : 0;
    this.#running += 1;
    this.#streams += streams;
    let hasLeft = false;
    return {
      leave: () => {
        if (hasLeft) return;
        hasLeft = true;
        this.#running -= 1;
        this.#streams -= streams;
      },
    };
  }

  /**
   * The worker that has the least to do; it is to be given back with `release`. One that is being started is waited for only
   * where none runs, and where it cannot be started nobody else hears of it.
   */
  async acquire(): Promise<Worker> {
    if (this.#isClosed) throw stopping();
    this.#leaveHomeless();
    const worker = this.#leastBusy() ?? (await this.#started());
    worker.running += 1;
    worker.taken += 1;
    if (worker.taken >= this.#options.turnsPerWorker) this.#succeed(worker);
    return worker;
  }

  release(worker: Worker): void {
    worker.running -= 1;
    if (worker.running === 0 && this.#leaving.has(worker)) void worker.stop();
    else void this.#checkMemory(worker);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#measuring);
    await Promise.allSettled([this.#starting]);
    await Promise.all(this.#workers().map((worker) => worker.stop()));
  }

  /** Those in their places, and those that end what they have. */
  #workers(): readonly Worker[] {
    return [...this.#slots.flatMap(({ worker }) => worker ?? []), ...this.#leaving];
  }

  /** Whoever tidies up took the folder of these away: they would answer, and fail at each command. */
  #leaveHomeless(): void {
    for (const slot of this.#slots) {
      const { worker } = slot;
      if (worker === undefined || worker.hasHome) continue;
      this.#options.log.warn('the folder of a worker of Codex was taken away', { pid: worker.pid });
      this.#retire(slot, worker);
    }
  }

  /** Of those that run. Where each of them is busy, one more is started for whoever comes next. */
  #leastBusy(): Worker | undefined {
    const workers = this.#slots.flatMap(({ worker }) => worker ?? []);
    const [least] = workers.toSorted((a, b) => a.running - b.running);
    // Why it could not be started stands in the log.
    if (least !== undefined && least.running > 0) this.#startNext()?.catch(() => undefined);
    return least;
  }

  #started(): Promise<Worker> {
    const starting = this.#startNext();
    if (starting !== undefined) return starting;
    return Promise.reject(
      new CodexPlusError(
        'upstream_not_ready',
        `codex app-server ended again and again; it is started anew soon. The last time: ${this.#lastWhy()}`,
        { retryAfterSeconds: 1 },
      ),
    );
  }

  #lastWhy(): string {
    const [last] = this.#slots.toSorted((a, b) => b.pausedUntil - a.pausedUntil);
    return last?.lastWhy ?? '';
  }

  /** The one that is being started; otherwise one in the place that failed least. `undefined` where all run or pause. */
  #startNext(): Promise<Worker> | undefined {
    if (this.#starting !== undefined) return this.#starting;
    const [slot] = this.#slots
      .filter(({ worker, pausedUntil }) => worker === undefined && pausedUntil <= this.#options.now())
      .toSorted((a, b) => a.failures - b.failures);
    if (slot === undefined) return undefined;
    return this.#startIn(slot);
  }

  /** Starts one that follows it, which goes on until then: nobody waits for the change. Where it fails, the next call has it tried again. */
  #succeed(worker: Worker): void {
    const slot = this.#slots.find((each) => each.worker === worker);
    if (slot === undefined || this.#starting !== undefined || slot.pausedUntil > this.#options.now()) return;
    // Why it could not be started stands in the log.
    this.#startIn(slot).catch(() => undefined);
  }

  /** Nobody would end one that is started behind the end. */
  #startIn(slot: Slot): Promise<Worker> {
    if (this.#isClosed) return Promise.reject(stopping());
    this.#starting = this.#start(slot).finally(() => {
      this.#starting = undefined;
    });
    return this.#starting;
  }

  async #start(slot: Slot): Promise<Worker> {
    try {
      const worker = await this.#options.start();
      if (this.#isClosed) {
        await worker.stop();
        throw stopping();
      }
      if (slot.worker !== undefined) this.#retire(slot, slot.worker);
      slot.worker = worker;
      void worker.measure();
      void worker.ended.then((reason) => {
        this.#ended(slot, worker, reason);
      });
      return worker;
    } catch (error) {
      if (this.#isClosed) throw stopping();
      const why = error instanceof Error ? error.message : String(error);
      this.#failed(slot, why);
      this.#options.log.warn('a worker of Codex could not be started', { reason: why });
      if (error instanceof CodexPlusError) throw error;
      throw new CodexPlusError('upstream_not_ready', why, { cause: error, retryAfterSeconds: 1 });
    }
  }

  async #checkMemory(worker: Worker): Promise<void> {
    await worker.measure();
    this.#checkPlace(worker);
    this.#checkAll();
  }

  #checkPlace(worker: Worker): void {
    const { maxWorkerBytes, log } = this.#options;
    const { pid, residentBytes = 0 } = worker;
    const slot = this.#slots.find((each) => each.worker === worker);
    // One that was given nothing yet is about to be.
    if (slot === undefined || worker.taken === 0 || residentBytes <= maxWorkerBytes) return;
    log.warn('a worker of Codex holds too much memory', { pid, residentBytes, maxWorkerBytes });
    this.#retire(slot, worker);
    // Not after it is ready: what grows until then has no bound.
    this.#startNext()?.catch(() => undefined);
  }

  /** What a worker goes on with may take long and grow: of those that have no place any more, the one that holds most is ended. */
  #checkAll(): void {
    const { size, maxWorkerBytes, log } = this.#options;
    const held = this.#workers().reduce((sum, { residentBytes = 0 }) => sum + residentBytes, 0);
    const mostBytes = 2 * size * maxWorkerBytes;
    if (held <= mostBytes) return;
    const [largest] = [...this.#leaving].toSorted((a, b) => (b.residentBytes ?? 0) - (a.residentBytes ?? 0));
    if (largest === undefined || largest.isKilled) return;
    const { pid, residentBytes, running } = largest;
    log.error('a worker of Codex was ended with its turns, as all together hold too much memory', {
      ...{ pid, running, residentBytes, held, mostBytes },
    });
    void largest.kill('held too much memory and was ended');
  }

  /** It goes on with what it has, and ends; who comes next gets a new one. */
  #retire(slot: Slot, worker: Worker): void {
    slot.worker = undefined;
    slot.failures = 0;
    this.#leaving.add(worker);
    if (worker.running === 0) void worker.stop();
  }

  #ended(slot: Slot, worker: Worker, reason: string): void {
    if (this.#leaving.delete(worker) || this.#isClosed) return;
    if (slot.worker !== worker) return;
    slot.worker = undefined;
    this.#options.log.warn('a worker of Codex ended', { pid: worker.pid, reason });
    // One that worked is followed at once.
    if (worker.taken > 0) slot.failures = 0;
    this.#failed(slot, reason);
  }

  #failed(slot: Slot, why: string): void {
    slot.failures += 1;
    slot.lastWhy = why;
    if (slot.failures < 2) return;
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** (slot.failures - 2));
    slot.pausedUntil = this.#options.now() + pause;
  }
}

function figuresOf({ pid, running, taken, residentBytes }: Worker, place: number | undefined): WorkerFigures {
  return { pid, place, running, taken, residentBytes };
}

function stopping(): CodexPlusError {
  return new CodexPlusError('draining', 'codex-plus is stopping; send the request again');
}

function full(what: string): CodexPlusError {
  return new CodexPlusError(
    'concurrency_exceeded',
    `Codex answers ${what} at once, and they all run; try again when one has ended`,
    { retryAfterSeconds: 1 },
  );
}
