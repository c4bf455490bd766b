/** Cuts text that comes in pieces into lines of at most so many characters. */
export class MessageLines {
  readonly #maxLength: number;
  #parts: string[] = [];
  #length = 0;

  constructor(maxLength: number) {
    this.#maxLength = maxLength;
  }

  /** The lines that a piece completes; `undefined` once a line is too long, whose rest is not kept. */
  take(text: string): readonly string[] | undefined {
    const pieces = text.split('\n');
    const last = pieces.pop() ?? '';
    const lines = pieces.map((piece, index) => (index === 0 ? this.#end(piece) : piece));
    this.#parts.push(last);
    this.#length += last.length;
    if (this.#length <= this.#maxLength && lines.every(({ length }) => length <= this.#maxLength))
      return lines;
    this.#end('');
    return undefined;
  }

  #end(piece: string): string {
    const line = this.#parts.join('') + piece;
    this.#parts = [];
    this.#length = 0;
    return line;
  }
}
