/** Characters kept for a reader that is behind; with more, whoever has text is to wait. */
const highWaterCharacters = 64 * 1024;

/**
 * A queue between whoever has text and whoever wants it: pieces are kept until they are asked for. One reader; when it leaves, what
 * is pushed is dropped.
 */
export class TextChannel {
  readonly #pieces: string[] = [];
  #characters = 0;
  #end: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;
  #makeRoom: (() => void) | undefined;

  push(piece: string): void {
    if (this.#end !== undefined || piece === '') return;
    this.#pieces.push(piece);
    this.#characters += piece.length;
    this.#wake?.();
  }

  /** Resolves when the reader is not behind: to be awaited before more is pushed. */
  async room(): Promise<void> {
    while (this.#characters > highWaterCharacters && this.#end === undefined) {
      await new Promise<void>((resolve) => (this.#makeRoom = resolve));
    }
  }

  close(): void {
    this.#end ??= {};
    this.#wake?.();
    this.#makeRoom?.();
  }

  /** Ends the text with an error, after the pieces that came before it. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake?.();
    this.#makeRoom?.();
  }

  async *read(): AsyncGenerator<string, void, undefined> {
    try {
      for (let piece = await this.#next(); piece !== undefined; piece = await this.#next()) yield piece;
    } finally {
      this.close();
    }
  }

  async #next(): Promise<string | undefined> {
    for (;;) {
      const piece = this.#pieces.splice(0).join('');
      this.#characters = 0;
      this.#makeRoom?.();
      if (piece !== '') return piece;
      if (this.#end === undefined) await new Promise<void>((resolve) => (this.#wake = resolve));
      else if ('error' in this.#end) throw this.#end.error;
      else return undefined;
    }
  }
}
