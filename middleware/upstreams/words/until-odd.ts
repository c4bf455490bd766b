import { saysFailure } from '../../protocol/apis/model-words.ts';
import type { CleanWords } from './clean-words.ts';
import { LongText } from './long-text.ts';
import type { BytesFilter } from './through-filter.ts';

/** Longer than any sign of a failure. */
const overlapChars = 64;

/**
 * What is too long to be held: passes as it is for as long as nothing in it says that an answer failed or why it ended. From the piece on that
 * does, it is cleaned as a text, for what a model says may not stand behind it.
 */
export class UntilOdd implements BytesFilter {
  readonly #clean: CleanWords;
  #seen = '';
  #long: LongText | undefined;

  constructor(clean: CleanWords) {
    this.#clean = clean;
  }

  take(chunk: Buffer): Buffer {
    if (this.#long === undefined) {
      const text = this.#seen + chunk.toString('latin1');
      if (!saysFailure(text)) {
        this.#seen = text.slice(-overlapChars);
        return chunk;
      }
      this.#long = new LongText(this.#clean);
    }
    return this.#long.take(chunk);
  }

  rest(): Buffer {
    return this.#long?.rest() ?? Buffer.alloc(0);
  }
}
