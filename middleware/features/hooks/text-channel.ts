/** A queue between whoever has text and whoever wants it: pieces are kept until they are asked for. One reader. */
export class TextChannel {
  readonly #pieces: string[] = [];
  #end: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;

  push(piece: string): void {
    if (this.#end !== undefined || piece === '') return;
    this.#pieces.push(piece);
    this.#wake?.();
  }

  close(): void {
    this.#end ??= {};
    this.#wake?.();
  }

  /** Ends the text with an error, after the pieces that came before it. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  async *read(): AsyncGenerator<string, void, undefined> {
    for (;;) {
      const piece = this.#pieces.splice(0).join('');
      if (piece !== '') {
        yield piece;
      } else if (this.#end === undefined) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      } else {
        if ('error' in this.#end) throw this.#end.error;
        return;
      }
    }
  }
}
