import { isJsonObject } from '../../../kernel/json-object.ts';
import { CustomInput } from './custom-input.ts';
import { maxInputDepth } from './input-depth.ts';
import { JsonProgress } from './json-progress.ts';
import { parseLenientJson, StrictJson } from './lenient-json.ts';

/**
 * The arguments of a call while they come in, as its client gets them: JSON, or the text of a `custom` call.
 *
 * What is given as a call that ended:
 * - Where the provider said that the call ended: all but JSON that stops in its midst, two values one behind the other (a
 *   piece that was sent twice; nobody knows which is meant), and JSON nested too deep to be sent back. What a model wrote as
 *   no JSON (`NaN`, a comma too many, a word) is given letter by letter, as OpenAI does: the client says so to the model.
 * - Where the answer was cut off: JSON alone, and only whole.
 */
export class CallInput {
  readonly #pieces: string[] = [];
  readonly #custom: CustomInput | undefined;
  readonly #strict = new StrictJson();
  readonly #progress = new JsonProgress();
  /** White space before anything else, which some give for no arguments at all; JSON would want an object there. */
  #blank = '';
  /** What the pieces until now were read as. */
  #read: { readonly value: unknown } | undefined;

  constructor(isCustom: boolean) {
    this.#custom = isCustom ? new CustomInput() : undefined;
  }

  /** What the client gets of the next piece; may be empty. */
  add(json: string): string {
    this.#pieces.push(json);
    this.#progress.add(json);
    // White space behind a value changes nothing about it.
    if (json.trim() !== '') this.#read = undefined;
    return this.#custom === undefined ? this.#addJson(json) : this.#custom.add(json);
  }

  #addJson(json: string): string {
    if (!this.#progress.isBegun) {
      this.#blank += json;
      return '';
    }
    const piece = this.#blank + json;
    this.#blank = '';
    return this.#strict.add(piece);
  }

  /** Whether nothing can follow. Asked at each call that begins: it is read once its brackets are closed, and not before. */
  isWhole(): boolean {
    return this.#progress.isClosed && !this.#isTooDeep() && this.#value() !== undefined;
  }

  /** Whether it is an object, as some clients' APIs want it; so is nothing at all, of a tool without parameters. */
  isObject(): boolean {
    return isJsonObject(this.#value()) || this.#pieces.join('').trim() === '';
  }

  /**
   * What the client has to get yet; `undefined` for a call that is not whole, and must not be run. `isCut`: whether the
   * answer was cut off here, so that what might be whole is not.
   */
  end(isCut: boolean): string | undefined {
    if (isCut ? !this.isWhole() : this.#isFaulty()) return undefined;
    return this.#custom === undefined
      ? this.#strict.end()
      : this.#custom.end(this.#pieces.join(''), this.#value());
  }

  #isFaulty(): boolean {
    return this.#progress.isUnfinished || this.#isTooDeep() || this.#areSeveral();
  }

  /** A text of another kind may have as many brackets as it likes. */
  #isTooDeep(): boolean {
    return this.#custom === undefined && this.#progress.deepest > maxInputDepth;
  }

  /** A text may look like two values, such as two blocks of code. */
  #areSeveral(): boolean {
    const end = this.#progress.firstOfSeveral;
    return end !== undefined && parseLenientJson(this.#pieces.join('').slice(0, end)) !== undefined;
  }

  #value(): unknown {
    this.#read ??= { value: parseLenientJson(this.#pieces.join('')) };
    return this.#read.value;
  }
}
