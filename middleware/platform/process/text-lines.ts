/**
 * Cuts text that comes in pieces into lines of at most so many characters. A line ends at a line feed and nowhere else: JSON may have U+2028 or
 * a lone carriage return in its texts, where Node's `readline` would cut it.
 */
export class TextLines {
  readonly #maxLength: number;
  #parts: string[] = [];
  #length = 0;

  constructor(maxLength = Infinity) {
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

  /** What came behind the last line feed; empty for nothing. */
  rest(): string {
    return this.#end('');
  }

  #end(piece: string): string {
    const line = this.#parts.join('') + piece;
    this.#parts = [];
    this.#length = 0;
    return line;
  }
}
