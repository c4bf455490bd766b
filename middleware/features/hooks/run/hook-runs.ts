import type { ConfigSource } from '../../../kernel/config-source.ts';
import type { HookEvent } from '../hook-event.ts';

/** One run of a hook, as `/hooks` shows it. */
export interface HookRun {
  readonly event: HookEvent;
  /** Its command, address or prompt. */
  readonly label: string;
  readonly source: ConfigSource;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly outcome: 'success' | 'error' | 'cancelled' | 'blocked';
  /** Why it failed. */
  readonly error: string | undefined;
}

/** Remembers the last runs, the newest first, in memory only. */
export class HookRuns {
  readonly #maxRuns: number;
  readonly #runs: HookRun[] = [];

  constructor(maxRuns = 100) {
    this.#maxRuns = maxRuns;
  }

  add(run: HookRun): void {
    this.#runs.push(run);
    if (this.#runs.length > this.#maxRuns) this.#runs.shift();
  }

  list(): HookRun[] {
    return this.#runs.toReversed();
  }
}
