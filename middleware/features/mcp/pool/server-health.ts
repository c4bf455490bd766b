import type { BreakerState } from '../../../kernel/breaker.ts';
import { nameOf } from '../failure-of.ts';
import { McpFailure } from '../mcp-failure.ts';
import type { ServerBreaker } from './server-breaker.ts';

interface HealthOptions {
  readonly name: string;
  /** Of the server, which may have other connections. */
  readonly breaker: ServerBreaker;
}

/** What is measured of it. */
export interface HealthFigures {
  readonly name: string;
  readonly breaker: BreakerState;
  /** In a row, until now. */
  readonly failures: number;
}

/** How a server did so far over one connection at a time, and what follows. */
export class ServerHealth {
  readonly #name: string;
  readonly #breaker: ServerBreaker;
  #lastFailure: McpFailure | undefined;
  #counted = 0;

  constructor({ name, breaker }: HealthOptions) {
    this.#name = name;
    this.#breaker = breaker;
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
    return { name: this.#name, breaker: this.#breaker.state, failures: this.#breaker.failures };
  }

  /** How long it is left alone from now on, in milliseconds. */
  get restMs(): number {
    return this.#breaker.restMs;
  }

  /** How many failures were counted until now. */
  get counted(): number {
    return this.#counted;
  }

  /** Throws while the server is left alone. */
  assertUsable(): void {
    if (this.#breaker.allows()) return;
    const seconds = Math.ceil(this.restMs / 1000);
    const until = seconds === 0 ? 'while another call tries it' : `for ${seconds} s more`;
    const last = this.lastError ?? this.#breaker.lastReason;
    const why = last === undefined ? '' : ` The last time: ${last}`;
    throw new McpFailure(
      'resting',
      `${nameOf(this.#name)} failed several times and is left alone ${until}.${why}`,
    );
  }

  waitMs(): number {
    return this.#breaker.waitMs;
  }

  succeeded(): void {
    this.#lastFailure = undefined;
    this.#breaker.succeeded();
  }

  /**
   * A call failed. One that the server did not take, or for which its user has too few rights, says nothing of others: it is there and answers.
   * Calls that were under way together are broken by one end of their connection, or by one silence: `counted` is what it was when the call began.
   */
  failedAtCall(failure: McpFailure, counted: number): void {
    if (failure.kind === 'refused' || failure.kind === 'login') this.succeeded();
    else if (counted === this.#counted) this.failed(failure);
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
    this.#lastFailure = failure;
    this.#counted += 1;
    this.#breaker.failed(failure);
  }
}
