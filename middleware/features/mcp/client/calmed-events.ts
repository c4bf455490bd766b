import type { ServerEvent } from '../connection.ts';

/** Between two events that say the same. */
const restMs = 500;
/** Different ones that rest at the same time; resources that are updated beside them are passed over. */
const maxResting = 1_000;
/** Of the address of a resource: no longer one is told. In characters, as all that rest at the same time have. */
const maxAddress = 8_192;
const maxRestingLength = 131_072;

/**
 * Passes events on at once, and of those that say the same no more than two a second: a server may tell of a change
 * as often as it likes, and each time lists are asked for, addresses looked through for secrets, and clients told.
 */
export class CalmedEvents {
  readonly #pass: (event: ServerEvent) => void;
  /** By what they say, whether another one came since one was passed on. */
  readonly #resting = new Map<string, { isDue: boolean }>();
  #restingLength = 0;

  constructor(pass: (event: ServerEvent) => void) {
    this.#pass = pass;
  }

  tell(event: ServerEvent): void {
    if (event.kind === 'updated' && event.uri.length > maxAddress) return;
    const key = JSON.stringify(event);
    const resting = this.#resting.get(key);
    if (resting !== undefined) resting.isDue = true;
    else if (this.#hasPlace(event)) {
      this.#restingLength += key.length;
      this.#tellNow(key, event);
    }
  }

  #hasPlace(event: ServerEvent): boolean {
    if (event.kind === 'changed') return true;
    return this.#resting.size < maxResting && this.#restingLength < maxRestingLength;
  }

  #tellNow(key: string, event: ServerEvent): void {
    const resting = { isDue: false };
    this.#resting.set(key, resting);
    setTimeout(() => {
      if (resting.isDue) this.#tellNow(key, event);
      else {
        this.#resting.delete(key);
        this.#restingLength -= key.length;
      }
    }, restMs).unref();
    this.#pass(event);
  }
}
