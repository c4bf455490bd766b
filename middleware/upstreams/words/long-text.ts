import { withoutUnseen } from '../../kernel/visible-text.ts';
import type { CleanWords } from './clean-words.ts';
import type { BytesFilter } from './through-filter.ts';

/** Longer than any key, with what stands around it. */
const overlapChars = 16 * 1024;
/** What is looked through at once: more of it costs less. */
const pieceChars = 64 * 1024;
/** Between two places at which a text may be cut. */
const strideChars = 8 * 1024;
/** What looks like one key all along is none. */
const maxWaitingChars = 128 * 1024;

/**
 * Cleans a text that is too long to be held, piece by piece. What waits for the rest is what came, and not what was made of it: half a key
 * that was taken out says nothing of the other half.
 */
export class LongText implements BytesFilter {
  readonly #clean: CleanWords;
  /** In bytes as characters, so that no character is cut. */
  #waiting = '';
  #wanted = pieceChars + overlapChars;

  constructor(clean: CleanWords) {
    this.#clean = clean;
  }

  take(chunk: Buffer): Buffer {
    this.#waiting += chunk.toString('latin1');
    if (this.#waiting.length < this.#wanted) return Buffer.alloc(0);
    const cleaned = this.#cleanedBeginning();
    this.#wanted = (cleaned === undefined ? this.#waiting.length : overlapChars) + pieceChars;
    return Buffer.from(cleaned ?? '', 'latin1');
  }

  rest(): Buffer {
    return Buffer.from(this.#clean(this.#waiting), 'latin1');
  }

  /** What may go on of what waits; `undefined` while nothing may. */
  #cleanedBeginning(): string | undefined {
    const text = this.#waiting;
    const cleaned = this.#clean(text);
    const isSame = (other: string): boolean =>
      other === cleaned || withoutUnseen(other) === withoutUnseen(cleaned);
    // What begins before the last place is whole, wherever it ends.
    const last = text.length - overlapChars;
    for (let cut = last; cut > Math.max(0, last - pieceChars); cut -= strideChars) {
      const [before, behind] = [this.#clean(text.slice(0, cut)), text.slice(cut)];
      // Nothing that goes out of the text stands on both sides.
      if (!isSame(before + this.#clean(behind))) continue;
      this.#waiting = behind;
      return before;
    }
    if (text.length < maxWaitingChars) return undefined;
    this.#waiting = '';
    return cleaned;
  }
}
