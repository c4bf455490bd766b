import { CodexPlusError } from '../../kernel/errors.ts';
import type { AnswerLimits } from '../../kernel/answer-limits.ts';
import type { CodexConfig } from '../../platform/config/config.ts';
import { servedModel } from '../../protocol/app-server/served-models.ts';
import { turnRequest, type TurnRequest } from '../../protocol/app-server/turn-request.ts';
import { concernsAnswers, ToolBlocks } from '../../protocol/app-server/tool-blocks.ts';
import { TurnReader } from '../../protocol/app-server/turn-reader.ts';
import type { AnswerEvent, AnswerUsage } from '../../protocol/translation/answer-event.ts';
import { faultError } from '../../protocol/translation/faults/fault-error.ts';
import type { AskedRequest } from '../../protocol/translation/translate-request.ts';
import { AppServerEnded } from './app-server-peer.ts';
import { runTurn } from './run-turn.ts';
import type { TurnCost, TurnCosts } from './turn-costs.ts';
import { TurnTimers } from './turn-timers.ts';
import type { WorkerPool } from './worker-pool.ts';
import type { Worker } from './worker.ts';

/** What answers of Codex are made with. */
export interface CodexParts {
  readonly config: CodexConfig;
  readonly limits: AnswerLimits;
  readonly pool: WorkerPool;
  readonly costs: TurnCosts;
  /** Makes a folder of its own for a turn; absolute. */
  readonly makeFolder: () => Promise<string>;
  /** Takes it away; never rejects. */
  readonly removeFolder: (path: string) => Promise<void>;
  /** After so long a silence a stream's client hears something; 0: never. */
  readonly keepaliveMs: number;
  /** How whoever runs this knows a setting, by its path. */
  readonly settingName: (path: string) => string;
  /** In seconds since 1970. */
  readonly nowSeconds: () => number;
}

/** What stands around each piece of an answer, in memory and on the way to its client. */
const bytesAround = 128;

/** An answer of Codex while it comes in. It runs from the beginning on, whoever reads it. */
export class CodexAnswer {
  readonly #asked: AskedRequest;
  readonly #options: CodexParts;
  readonly #turn: TurnRequest;
  readonly #reader: TurnReader;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #begun = Promise.withResolvers<undefined>();
  /** Its last event is there; its turn may still have to be interrupted. */
  readonly #isWhole = Promise.withResolvers<undefined>();
  readonly #ended: Promise<void>;
  /** What came in before somebody took it. */
  #events: AnswerEvent[] = [];
  #take: ((event: AnswerEvent) => void) | undefined;
  #bytes = 0;
  /** `undefined` where the answer is given as it is. */
  readonly #blocks: ToolBlocks | undefined;
  #grace: NodeJS.Timeout | undefined;
  #timers: TurnTimers | undefined;
  #cost: TurnCost | undefined;
  #hasFailed = false;
  /** Has the answer begin where its turn did, and no word comes. */
  #wordless: NodeJS.Timeout | undefined;

  /** Throws a CodexPlusError where no further call can run, or Codex could not read this one. `left` aborts when the client leaves. */
  constructor(asked: AskedRequest, left: AbortSignal, options: CodexParts) {
    const { request, names, callIds } = asked;
    this.#asked = asked;
    this.#options = options;
    this.#turn = turnRequest(request, names, servedModel(request.model)?.effort);
    this.#reader = new TurnReader({
      ...{ names, callIds },
      offered: new Set(request.tools.map((tool) => names.nameOf(tool))),
      takesSeveral: request.parallelCalls !== false,
    });
    this.#signal = options.config.killOnDisconnect
      ? AbortSignal.any([left, this.#stop.signal])
      : this.#stop.signal;
    this.#blocks = concernsAnswers(options.config) ? new ToolBlocks(options.config) : undefined;
    const { leave } = options.pool.enter(request);
    this.#ended = this.#run().finally(leave);
    // Whoever reads it hears of it.
    this.#ended.catch(() => undefined);
  }

  /**
   * Resolves when something of the answer is there, or its turn runs and its client would hear nothing for too long;
   * rejects with what failed before.
   */
  async begun(): Promise<void> {
    await Promise.race([this.#begun.promise, this.#ended]);
    const [first] = this.#events;
    if (first?.kind === 'failed') throw faultError(first.failure);
  }

  /**
   * Gives what came in and all that comes; the last is an end or a failure. Where neither can come of it, because this process
   * failed over it, `broken` is called with why.
   */
  deliver(take: (event: AnswerEvent) => void, broken: (error: unknown) => void): void {
    this.#take = take;
    const events = this.#events;
    this.#events = [];
    for (const event of events) this.#take(event);
    this.whole().catch((error: unknown) => {
      if (!this.#isLeft) broken(error);
    });
  }

  /** All of the answer. */
  async whole(): Promise<readonly AnswerEvent[]> {
    await Promise.race([this.#isWhole.promise, this.#ended]);
    return this.#events;
  }

  /** Of all of its calls of models that have ended; `undefined` where no provider told it. */
  get usage(): AnswerUsage | undefined {
    return this.#priced(this.#reader.usage);
  }

  /** In US dollars; `undefined` where no provider told it. */
  get costUsd(): number | undefined {
    return this.#cost?.usd;
  }

  /** Whether Codex said of its turn that it failed. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Nobody reads it any more. */
  cancel(): void {
    this.#take = () => undefined;
    if (this.#options.config.killOnDisconnect) this.#stop.abort();
  }

  /** Resolves when its turn has ended, however it did, and all is known that it used. */
  async untilEnded(): Promise<void> {
    await Promise.allSettled([this.#ended]);
  }

  async #run(): Promise<void> {
    const { pool, config } = this.#options;
    let worker = await pool.acquire();
    const timers = new TurnTimers({
      config,
      isStreamed: this.#asked.request.isStreamed,
      workerWorkedAt: () => worker.workedAt,
      now: () => performance.now(),
      onLate: (fault) => {
        this.#stop.abort(fault);
      },
    });
    this.#timers = timers;
    try {
      if (!(await this.#askedOf(worker)) && !this.#signal.aborted) {
        worker = await pool.acquire();
        if (!(await this.#askedOf(worker))) throw endedAgain(await worker.ended);
      }
    } finally {
      timers.end();
      clearTimeout(this.#grace);
      clearTimeout(this.#wordless);
    }
    if (!this.#reader.isOver) this.#broken();
  }

  /** Has it answer the turn. `false` where it ended before it was asked, and nothing was asked of a model: another may be. */
  async #askedOf(worker: Worker): Promise<boolean> {
    const { pool, config, makeFolder, removeFolder, costs } = this.#options;
    try {
      await runTurn(worker, {
        ...{ model: config.model, provider: config.provider },
        ...{ makeFolder, removeFolder, runsCommands: config.sandbox !== 'no-commands' },
        ...{ reader: this.#reader, signal: this.#signal },
        request: this.#turn,
        onThread: (threadId) => {
          this.#cost = costs.open(threadId);
        },
        onHeard: () => {
          this.#timers?.heard();
          this.#awaitWord();
        },
        onEvents: (events) => {
          this.#add(events);
        },
      });
      return true;
    } catch (error) {
      if (!(error instanceof AppServerEnded)) throw error;
      await worker.ended;
      return false;
    } finally {
      this.#cost?.close();
      pool.release(worker);
    }
  }

  /** The turn runs: from here on its client can be told that it does. */
  #awaitWord(): void {
    const { keepaliveMs } = this.#options;
    if (keepaliveMs === 0 || !this.#asked.request.isStreamed) return;
    this.#wordless ??= setTimeout(() => {
      if (this.#take !== undefined || this.#events.length > 0 || this.#signal.aborted) return;
      this.#events.push({ kind: 'begin', id: undefined, model: undefined });
      this.#begun.resolve(undefined);
    }, keepaliveMs);
  }

  /** Nobody waits for it: its client left, or it was given up. */
  get #isLeft(): boolean {
    return this.#signal.aborted && !(this.#signal.reason instanceof CodexPlusError);
  }

  /** The turn was ended before its answer was. */
  #broken(): void {
    const { reason } = this.#signal as { readonly reason: unknown };
    // That its client left is an ending of its own, and no failure.
    if (!(reason instanceof CodexPlusError)) throw reason;
    const isUnread = this.#take === undefined && this.#events.length === 0;
    if (isUnread || !this.#asked.request.isStreamed) throw reason;
    this.#add(this.#reader.fail(reason.message, reason.code));
  }

  #add(events: readonly AnswerEvent[]): void {
    if (this.#isTooLarge(events)) return;
    for (const event of events) {
      // The head of an answer that fails at once is the failure's.
      if (event.kind === 'begin') continue;
      if (event.kind === 'text' && this.#blocks !== undefined) this.#addText(event.delta, this.#blocks);
      else this.#give(event);
    }
    if (this.#blocks !== undefined) this.#followBlocks(this.#blocks);
  }

  /**
   * Ends the turn where its answer grows over its limit: nothing holds Codex back, and what its client does not take is kept.
   * What completes the answer is taken all the same, as nothing follows.
   */
  #isTooLarge(events: readonly AnswerEvent[]): boolean {
    for (const event of events)
      if ('delta' in event) this.#bytes += Buffer.byteLength(event.delta) + bytesAround;
    const setting = this.#asked.request.isStreamed ? 'maxStreamBytes' : 'maxEventBytes';
    const maxBytes = this.#options.limits[setting];
    if (this.#bytes <= maxBytes || this.#reader.isOver) return false;
    this.#stop.abort(
      new CodexPlusError(
        'answer_too_large',
        `the answer of Codex is larger than ${maxBytes} bytes; raise ${this.#options.settingName(`limits.${setting}`)} to accept it`,
      ),
    );
    return true;
  }

  #priced(usage: AnswerUsage | undefined): AnswerUsage | undefined {
    return usage && { ...usage, costUsd: this.costUsd };
  }

  #give(told: AnswerEvent): void {
    this.#timers?.gave();
    const isLast = told.kind === 'end' || told.kind === 'failed';
    const event = isLast ? { ...told, usage: this.#priced(told.usage) } : told;
    this.#hasFailed ||= event.kind === 'failed';
    if (this.#take === undefined) this.#events.push(event);
    else this.#take(event);
    this.#begun.resolve(undefined);
    if (isLast) this.#isWhole.resolve(undefined);
  }

  /** The text that the rules for tool blocks leave of a piece. */
  #addText(text: string, blocks: ToolBlocks): void {
    const delta = blocks.add(text);
    if (delta !== '') this.#give({ kind: 'text', delta });
  }

  /** Ends the answer behind a block where it has to. */
  #followBlocks(blocks: ToolBlocks): void {
    const { stopAfterTools, stopAfterToolsGraceMs } = this.#options.config;
    if (blocks.isOver) this.#endHere();
    else if (!blocks.isBehindBlock) {
      clearTimeout(this.#grace);
      this.#grace = undefined;
    } else if (stopAfterTools === 'burst') {
      this.#grace ??= setTimeout(() => {
        this.#endHere();
      }, stopAfterToolsGraceMs);
    }
  }

  #endHere(): void {
    for (const event of this.#reader.stop()) this.#give(event);
    this.#stop.abort();
  }
}

function endedAgain(how: string): CodexPlusError {
  return new CodexPlusError('upstream_not_ready', how, { retryAfterSeconds: 1 });
}
