import { CustomInput } from './custom-input.ts';
import { isUnfinishedJson, parseLenientJson, StrictJson } from './lenient-json.ts';

/** The arguments of a call while they come in, as its client gets them: JSON, or the text of a `custom` call. */
export class CallInput {
  readonly #pieces: string[] = [];
  readonly #custom: CustomInput | undefined;
  readonly #strict = new StrictJson();
  /** What the pieces until now were read as. */
  #read: { readonly value: unknown } | undefined;

  constructor(isCustom: boolean) {
    this.#custom = isCustom ? new CustomInput() : undefined;
  }

  /** What the client gets of the next piece; may be empty. */
  add(json: string): string {
    this.#pieces.push(json);
    this.#read = undefined;
    return this.#custom === undefined ? this.#strict.add(json) : this.#custom.add(json);
  }

  /** Whether nothing can follow. */
  isWhole(): boolean {
    return this.#value() !== undefined;
  }

  /**
   * What the client has to get yet; `undefined` for a call that is not whole, and must not be run. `isCut`: whether the
   * answer was cut off here, so that what might be whole is not.
   */
  end(isCut: boolean): string | undefined {
    const json = this.#pieces.join('');
    if (isCut ? !this.isWhole() : isUnfinishedJson(json)) return undefined;
    return this.#custom === undefined ? this.#strict.end() : this.#custom.end(json, this.#value());
  }

  #value(): unknown {
    this.#read ??= { value: parseLenientJson(this.#pieces.join('')) };
    return this.#read.value;
  }
}
