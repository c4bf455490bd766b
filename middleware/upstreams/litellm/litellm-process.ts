import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../../kernel/log.ts';
import { startChild, type Child } from '../../platform/process/start-child.ts';
import { litellmCommand, type LitellmCommandOptions } from './litellm-command.ts';
import { headline, logLitellmLine, readLitellmLine } from './litellm-log.ts';
import { askModels, whyNotAlive } from './probe.ts';

interface LitellmProcessOptions extends LitellmCommandOptions {
  readonly log: Log;
}

export type ReadyResult =
  | { readonly kind: 'ready'; readonly models: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string };

interface ReadyOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Uvicorn's last word, which says less than the one before. */
const sayingNothing = 'Application startup failed';
const pollMs = 200;
const probeTimeoutMs = 5_000;

/** One running LiteLLM. Its output goes into the log. */
export class LitellmProcess {
  readonly url: string;
  readonly pid: number | undefined;
  /** Resolves with how it ended and its last error, as one sentence; never rejects. */
  readonly ended: Promise<string>;
  readonly #masterKey: string;
  readonly #child: Child;
  #isUp = false;
  #lastError: string | undefined;

  constructor(options: LitellmProcessOptions) {
    const { host, port, masterKey } = options;
    this.url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    this.#masterKey = masterKey;
    const log = options.log.child({ source: 'litellm' });
    this.#child = startChild({
      ...litellmCommand(options),
      onLine: (text, stream) => {
        const line = readLitellmLine(text, stream);
        if (line === undefined) return;
        if (line.level === 'error' || stream === 'stderr') this.#noteError(line.message);
        logLitellmLine(line, log);
      },
    });
    this.pid = this.#child.pid;
    this.ended = this.#child.ended.then(({ summary, signal }) => {
      // Whoever ended it knows why; what it said last was about something else.
      const error = signal === undefined ? this.#lastError : undefined;
      return error === undefined ? `LiteLLM ${summary}` : `LiteLLM ${summary}: ${error}`;
    });
  }

  /** Waits until it answers and takes our key. A process that did not come up is still to be stopped. */
  async untilReady({ timeoutMs, signal }: ReadyOptions): Promise<ReadyResult> {
    const over = new AbortController();
    const ended = this.ended.then((reason): ReadyResult => {
      over.abort();
      return { kind: 'failed', reason };
    });
    const limit = AbortSignal.any([signal, over.signal, AbortSignal.timeout(timeoutMs)]);
    const ready = await this.#pollUntilReady(limit);
    if (over.signal.aborted) return ended;
    if (ready !== undefined && !limit.aborted) {
      this.#isUp = ready.kind === 'ready';
      if (this.#isUp) this.#lastError = undefined;
      return ready;
    }
    const reason = signal.aborted
      ? 'the start was stopped'
      : `LiteLLM was not ready after ${timeoutMs / 1000} s`;
    return { kind: 'failed', reason };
  }

  /** Why it does not answer; `undefined` when it does. */
  whyNotAlive(signal: AbortSignal, timeoutMs: number): Promise<string | undefined> {
    return whyNotAlive({ url: this.url, signal, timeoutMs });
  }

  /** Lets it finish what it is at for the grace time, then ends it with all that it started. */
  async stop(graceMs: number): Promise<void> {
    await this.#child.stop(graceMs);
  }

  async #pollUntilReady(signal: AbortSignal): Promise<ReadyResult | undefined> {
    const probe = { url: this.url, signal, timeoutMs: probeTimeoutMs };
    while (!signal.aborted) {
      if ((await whyNotAlive(probe)) === undefined) {
        const answer = await askModels({ ...probe, masterKey: this.#masterKey });
        if (answer.kind === 'models') return { kind: 'ready', models: answer.names };
        return { kind: 'failed', reason: answer.reason };
      }
      // An abort is seen by the loop's condition.
      await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    }
    return undefined;
  }

  /** Only from the start: later errors belong to requests and say nothing about why it ended. */
  #noteError(message: string): void {
    if (this.#isUp) return;
    const sentence = headline(message);
    if (sentence !== '' && !sentence.startsWith(sayingNothing)) this.#lastError = sentence;
  }
}
