export type BreakerState = 'closed' | 'half-open' | 'open';

interface BreakerOptions {
  /** Failures in a row that open the breaker. */
  readonly failures: number;
  /** How long an open breaker lets nothing through. */
  readonly coolDownMs: number;
  /** Milliseconds from any fixed point; `performance.now` outside tests. */
  readonly now: () => number;
  readonly onChange?: (state: BreakerState) => void;
}

/**
 * Keeps requests away from a server that fails: after some failures in a row it opens for a while, then lets one
 * request through to try. A success closes it.
 */
export class Breaker {
  readonly #options: BreakerOptions;
  #state: BreakerState = 'closed';
  #failures = 0;
  #openedAt = 0;
  #tryingSince: number | undefined;

  constructor(options: BreakerOptions) {
    this.#options = options;
  }

  /** One that has been open long enough is half open, also while nobody asks whether a request may go through. */
  get state(): BreakerState {
    return this.#state === 'open' && !this.#isCooling() ? 'half-open' : this.#state;
  }

  /** How long nothing goes through from now on, in milliseconds; 0 where something may. */
  get restMs(): number {
    const { now, coolDownMs } = this.#options;
    return this.#state === 'open' ? Math.max(0, this.#openedAt + coolDownMs - now()) : 0;
  }

  /** Whether a request may go through now. In half-open state that is one at a time. */
  allows(): boolean {
    const { now, coolDownMs } = this.#options;
    if (this.#state === 'closed') return true;
    if (this.#state === 'open') {
      if (this.#isCooling()) return false;
      this.#become('half-open');
    } else if (this.#tryingSince !== undefined && now() - this.#tryingSince < coolDownMs) {
      return false;
    }
    this.#tryingSince = now();
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#tryingSince = undefined;
    this.#become('closed');
  }

  failed(): void {
    this.#failures += 1;
    this.#tryingSince = undefined;
    if (this.#state === 'half-open' || this.#failures >= this.#options.failures) {
      this.#openedAt = this.#options.now();
      this.#become('open');
    }
  }

  /** A request that was let through ended without telling how the server is: another one may try. */
  gaveUp(): void {
    this.#tryingSince = undefined;
  }

  #isCooling(): boolean {
    const { now, coolDownMs } = this.#options;
    return now() - this.#openedAt < coolDownMs;
  }

  #become(state: BreakerState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onChange?.(state);
  }
}
