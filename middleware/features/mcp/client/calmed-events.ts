import type { ServerEvent } from '../connection.ts';

/** Between two events that say the same. */
const restMs = 500;
/** Different ones that rest at the same time; resources that are updated beside them are passed over. */
const maxResting = 1_000;

/**
 * Passes events on at once, and of those that say the same no more than two a second: a server may tell of a change
 * as often as it likes, and each time lists are asked for and clients told.
 */
export class CalmedEvents {
  readonly #pass: (event: ServerEvent) => void;
  /** By what they say, whether another one came since one was passed on. */
  readonly #resting = new Map<string, { isDue: boolean }>();

  constructor(pass: (event: ServerEvent) => void) {
    this.#pass = pass;
  }

  tell(event: ServerEvent): void {
    const key = JSON.stringify(event);
    const resting = this.#resting.get(key);
    if (resting !== undefined) resting.isDue = true;
    else if (event.kind === 'changed' || this.#resting.size < maxResting) this.#tellNow(key, event);
  }

  #tellNow(key: string, event: ServerEvent): void {
    const resting = { isDue: false };
    this.#resting.set(key, resting);
    setTimeout(() => {
      if (resting.isDue) this.#tellNow(key, event);
      else this.#resting.delete(key);
    }, restMs).unref();
    this.#pass(event);
  }
}
