/** Keeps the end of a text that comes in pieces. */
export class TextTail {
  readonly #maxLength: number;
  #text = '';

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  get text(): string {
    return this.#text;
  }

  add(piece: string): void {
    this.#text = (this.#text + piece).slice(-this.#maxLength);
  }
}
