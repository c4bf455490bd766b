import { CodexPlusError } from '../../kernel/errors.ts';
import type { CodexConfig } from '../../platform/config/config.ts';

interface TurnTimersOptions {
  readonly config: CodexConfig;
  readonly isStreamed: boolean;
  /** When its worker last said anything of a turn, whichever. */
  readonly workerWorkedAt: () => number;
  readonly now: () => number;
  /** Called with what took too long. */
  readonly onLate: (fault: CodexPlusError) => void;
}

/** Whatever of a turn may take too long. Each has a time of its own, and all end with `end`. */
export class TurnTimers {
  readonly #options: TurnTimersOptions;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #silence: NodeJS.Timeout;
  readonly #nothingGiven: NodeJS.Timeout | undefined;
  #start: NodeJS.Timeout | undefined;

  constructor(options: TurnTimersOptions) {
    const { config, isStreamed } = options;
    const { turnTimeoutMs, idleTimeoutMs, startTimeoutMs, streamIdleTimeoutMs } = config;
    this.#options = options;
    this.#silence = this.#after(idleTimeoutMs, `Codex said nothing for ${inSeconds(idleTimeoutMs)}`);
    this.#nothingGiven = isStreamed
      ? this.#after(
          streamIdleTimeoutMs,
          `nothing more of the answer came for ${inSeconds(streamIdleTimeoutMs)}`,
        )
      : undefined;
    this.#timers = [
      this.#after(turnTimeoutMs, `Codex did not end its answer within ${inSeconds(turnTimeoutMs)}`),
      this.#silence,
      ...(this.#nothingGiven === undefined ? [] : [this.#nothingGiven]),
    ];
    if (!isStreamed) this.#awaitStart(startTimeoutMs);
  }

  /** Codex told something of the turn. */
  heard(): void {
    clearTimeout(this.#start);
    this.#silence.refresh();
  }

  /** The client got something of the answer. */
  gave(): void {
    this.#nothingGiven?.refresh();
  }

  end(): void {
    clearTimeout(this.#start);
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** A worker that is busy with others is not silent: it will come to this turn. */
  #awaitStart(waitMs: number): void {
    const { config, workerWorkedAt, now, onLate } = this.#options;
    this.#start = setTimeout(() => {
      const restMs = config.startTimeoutMs - (now() - workerWorkedAt());
      if (restMs > 0) this.#awaitStart(restMs);
      else onLate(timeout(`Codex did not begin within ${inSeconds(config.startTimeoutMs)}`));
    }, waitMs);
  }

  #after(ms: number, what: string): NodeJS.Timeout {
    return setTimeout(() => {
      this.#options.onLate(timeout(what));
    }, ms);
  }
}

function timeout(what: string): CodexPlusError {
  return new CodexPlusError('upstream_timeout', what);
}

function inSeconds(ms: number): string {
  return `${ms / 1000} s`;
}
