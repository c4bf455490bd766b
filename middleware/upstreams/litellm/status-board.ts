import type { LitellmState, LitellmStatus } from './tier.ts';

type Details = Omit<LitellmStatus, 'state' | 'since'>;

/** The tier's present status, and who wants to hear of the next. */
export class StatusBoard {
  readonly #now: () => number;
  readonly #listeners = new Set<(status: LitellmStatus) => void>();
  #status: LitellmStatus;

  constructor(state: LitellmState, details: Details, now: () => number) {
    this.#now = now;
    this.#status = { state, since: now(), ...details };
  }

  get status(): LitellmStatus {
    return this.#status;
  }

  /** `since` tells how long the state has lasted; a new reason for the same state does not change it. */
  show(state: LitellmState, details: Details): void {
    const since = state === this.#status.state ? this.#status.since : this.#now();
    this.#status = { state, since, ...details };
    for (const listener of this.#listeners) listener(this.#status);
  }

  onChange(listener: (status: LitellmStatus) => void): void {
    this.#listeners.add(listener);
  }
}
