import { Breaker, type BreakerState } from '../../../kernel/breaker.ts';
import type { McpFailure } from '../mcp-failure.ts';
import type { PoolLimits } from './pool-limits.ts';

interface BreakerOptions {
  readonly limits: PoolLimits;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
}

/** Whether a server is used, over whichever of its connections, and how long its next start waits. */
export class ServerBreaker {
  readonly #options: BreakerOptions;
  readonly #breaker: Breaker;
  #failures = 0;
  #startableAt = 0;
  #lastReason: string | undefined;

  constructor(options: BreakerOptions) {
    this.#options = options;
    const { limits, now } = options;
    this.#breaker = new Breaker({ failures: limits.failures, coolDownMs: limits.coolDownMs, now });
  }

  get state(): BreakerState {
    return this.#breaker.state;
  }

  /** In a row, until now. */
  get failures(): number {
    return this.#failures;
  }

  /** Why it failed last, unless something went well since. */
  get lastReason(): string | undefined {
    return this.#lastReason;
  }

  /** How long the server is left alone from now on, in milliseconds. */
  get restMs(): number {
    return this.#breaker.restMs;
  }

  /** How long its next start waits. */
  get waitMs(): number {
    return Math.max(0, this.#startableAt - this.#options.now());
  }

  /** Whether it may be used now. After a rest that is one use at a time. */
  allows(): boolean {
    return this.#breaker.allows();
  }

  succeeded(): void {
    this.#failures = 0;
    this.#lastReason = undefined;
    this.#breaker.succeeded();
  }

  /** Whoever asked did not wait for what came of it. */
  gaveUp(): void {
    this.#breaker.gaveUp();
  }

  failed({ message }: McpFailure): void {
    const { limits, now } = this.#options;
    this.#lastReason = message;
    this.#startableAt = now() + limits.backOffMs * 2 ** this.#failures;
    this.#failures += 1;
    this.#breaker.failed();
  }
}
