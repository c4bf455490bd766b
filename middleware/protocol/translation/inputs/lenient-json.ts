import { parseJson } from '../../../kernel/json-object.ts';

/**
 * JSON as open models write it: with raw line ends in its texts, and with escapes that JSON does not know (`\d`), which
 * then mean their own letters. `undefined` for what is none all the same.
 */
export function parseLenientJson(text: string): unknown {
  return parseJson(text) ?? parseJson(asStrict(text));
}

/** The same in JSON; what is none all the same is not that afterwards either. */
export function asStrict(text: string): string {
  const json = new StrictJson();
  return json.add(text) + json.end();
}

/**
 * A whole escape, whose letter is a small one (`\N` of a path is none); one that may go on; a backslash of another kind; and what
 * else counts in a text.
 */
const signs = /\\(?:u[\da-fA-F]{4}|["\\/bfnrt])|\\(?:u[\da-fA-F]{0,3})?$|\\|\p{Cc}|"/gu;
const begin = /^\s*["[{]/;
const beginOfEscape = /^\\(?:u[\da-fA-F]{0,3})?$/;

/** The same while it comes in. */
export class StrictJson {
  /** `undefined` until something came. */
  #isJson: boolean | undefined;
  #isInText = false;
  /** An escape that may go on. */
  #rest = '';

  /** The next piece in JSON, which may be empty. */
  add(piece: string): string {
    if (piece.trim() !== '') this.#isJson ??= begin.test(piece);
    // What does not begin so is none, and keeps its letters.
    if (this.#isJson !== true) return piece;
    const text = this.#rest + piece;
    this.#rest = '';
    return text.replace(signs, (sign: string, at: number) => {
      if (sign === '"') this.#isInText = !this.#isInText;
      if (beginOfEscape.test(sign) && at + sign.length === text.length) {
        this.#rest = sign;
        return '';
      }
      if (!this.#isInText || sign.length > 1 || sign === '"') return sign;
      return JSON.stringify(sign).slice(1, -1);
    });
  }

  end(): string {
    return this.#isInText ? this.#rest.replace('\\', '\\\\') : this.#rest;
  }
}
