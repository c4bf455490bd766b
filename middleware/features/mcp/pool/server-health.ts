import { Breaker, type BreakerState } from '../../../kernel/breaker.ts';
import { nameOf } from '../failure-of.ts';
import { McpFailure } from '../mcp-failure.ts';
import type { PoolLimits } from './pool-limits.ts';

interface HealthOptions {
  readonly name: string;
  readonly limits: PoolLimits;
  readonly now: () => number;
  readonly onChange: () => void;
}

/** What is measured of it. */
export interface HealthFigures {
  readonly name: string;
  readonly breaker: BreakerState;
  /** In a row, until now. */
  readonly failures: number;
}

/** How a server did so far, and what follows: whether it is used, and how long its next start waits. */
export class ServerHealth {
  readonly #options: HealthOptions;
  readonly #breaker: Breaker;
  #failures = 0;
  #startableAt = 0;
  #lastFailure: McpFailure | undefined;

  constructor(options: HealthOptions) {
    this.#options = options;
    const { limits, now, onChange } = options;
    this.#breaker = new Breaker({
      ...{ failures: limits.failures, coolDownMs: limits.coolDownMs },
      ...{ now, onChange },
    });
  }

  /** What went wrong last, unless something went well since. */
  get lastError(): string | undefined {
    return this.#lastFailure?.message;
  }

  /** Whether its user has to sign in before anything else helps. */
  get wantsLogin(): boolean {
    return this.#lastFailure?.kind === 'login';
  }

  get isResting(): boolean {
    return this.#breaker.state === 'open';
  }

  get figures(): HealthFigures {
    return { name: this.#options.name, breaker: this.#breaker.state, failures: this.#failures };
  }

  /** How long it is left alone from now on, in milliseconds. */
  get restMs(): number {
    return this.#breaker.restMs;
  }

  /** Throws while the server is left alone. */
  assertUsable(): void {
    if (this.#breaker.allows()) return;
    const { name } = this.#options;
    const seconds = Math.ceil(this.restMs / 1000);
    const until = seconds === 0 ? 'while another call tries it' : `for ${seconds} s more`;
    const why = this.lastError === undefined ? '' : ` The last time: ${this.lastError}`;
    throw new McpFailure('resting', `${nameOf(name)} failed several times and is left alone ${until}.${why}`);
  }

  waitMs(): number {
    return Math.max(0, this.#startableAt - this.#options.now());
  }

  succeeded(): void {
    this.#failures = 0;
    this.#lastFailure = undefined;
    this.#breaker.succeeded();
  }

  /** One that it did not take, or for which its user has too few rights, says nothing of others: it is there and answers. */
  failedAtCall(failure: McpFailure): void {
    if (failure.kind !== 'refused' && failure.kind !== 'login') {
      this.failed(failure);
      return;
    }
    this.succeeded();
    this.#lastFailure = failure;
  }

  /** It was not asked, so that nothing is known of how it is. */
  hadNoPlace(failure: McpFailure): void {
    this.gaveUp();
    this.#lastFailure = failure;
  }

  /** Whoever asked did not wait for what came of it. */
  gaveUp(): void {
    this.#breaker.gaveUp();
  }

  failed(failure: McpFailure): void {
    const { limits, now } = this.#options;
    this.#lastFailure = failure;
    this.#startableAt = now() + limits.backOffMs * 2 ** this.#failures;
    this.#failures += 1;
    this.#breaker.failed();
  }
}
