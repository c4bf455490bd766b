import type { BreakerState } from '../../../kernel/breaker.ts';
import type { Log } from '../../../kernel/log.ts';
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
  /** That it is our own `/mcp`, once that is known. */
  #own: McpFailure | undefined;

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

  /** Whether it is our own `/mcp`, which nothing is wrong with, and nothing is asked of. */
  get isOwn(): boolean {
    return this.#own !== undefined;
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

  /** Throws while the server is left alone, and always where it is our own `/mcp`. */
  assertUsable(): void {
    if (this.#own !== undefined) throw this.#own;
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
    if (!this.isOwn) this.#lastFailure = failure;
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
    if (failure.kind === 'own') {
      this.#own = failure;
      this.succeeded();
      return;
    }
    this.#lastFailure = failure;
    this.#counted += 1;
    this.#breaker.failed(failure);
  }
}

/** That a server is our own `/mcp` is nothing to mend. */
export function tellFailure(log: Log, server: string, { kind, message: reason }: McpFailure): void {
  if (kind === 'own') log.info('an MCP server is the own /mcp, and left out', { server });
  else log.warn('an MCP server failed', { server, reason });
}
