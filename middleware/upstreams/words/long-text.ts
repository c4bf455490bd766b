import type { CleanWords } from './clean-words.ts';
import type { BytesFilter } from './through-filter.ts';

/** Longer than any key, with what stands around it. */
const overlapChars = 16 * 1024;
/** What is looked through at once: more of it costs less. */
const pieceChars = 64 * 1024;

/** Cleans a text that is too long to be held, piece by piece: what may be the beginning of something waits for the rest. */
export class LongText implements BytesFilter {
  readonly #clean: CleanWords;
  /** In bytes as characters, so that no character is cut. */
  #waiting = '';

  constructor(clean: CleanWords) {
    this.#clean = clean;
  }

  take(chunk: Buffer): Buffer {
    this.#waiting += chunk.toString('latin1');
    if (this.#waiting.length < pieceChars + overlapChars) return Buffer.alloc(0);
    const cleaned = this.#clean(this.#waiting);
    // Cut where no key goes on.
    const cut = Math.max(...[' ', '\n', '"', ','].map((end) => cleaned.lastIndexOf(end)));
    const at = Math.max(cut, cleaned.length - overlapChars);
    this.#waiting = cleaned.slice(at);
    return Buffer.from(cleaned.slice(0, at), 'latin1');
  }

  rest(): Buffer {
    return Buffer.from(this.#clean(this.#waiting), 'latin1');
  }
}
