/** How much is kept for a reader that is behind; with more, whoever has something is to wait. */
const highWater = 64 * 1024;

/** A queue between whoever has things and the one who wants them: they are kept until they are asked for. */
export class Channel<T> {
  readonly #sizeOf: (item: T) => number;
  readonly #items: T[] = [];
  #size = 0;
  #end: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;
  #makeRoom: (() => void) | undefined;

  constructor(sizeOf: (item: T) => number) {
    this.#sizeOf = sizeOf;
  }

  /** What comes behind the end is dropped. */
  push(item: T): void {
    if (this.#end !== undefined) return;
    this.#items.push(item);
    this.#size += this.#sizeOf(item);
    this.#wake?.();
  }

  /** Resolves when the reader is not behind: to be awaited before more is pushed. */
  async room(): Promise<void> {
    while (this.#size > highWater && this.#end === undefined) {
      await new Promise<void>((resolve) => (this.#makeRoom = resolve));
    }
  }

  close(): void {
    this.#finish({});
  }

  /** Ends it with an error, behind what came before it. */
  fail(error: unknown): void {
    this.#finish({ error });
  }

  /** The next thing, as soon as there is one; `undefined` at the end. Throws the error that it ended with. */
  protected async next(): Promise<T | undefined> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) {
        this.#size -= this.#sizeOf(item);
        this.#makeRoom?.();
        return item;
      }
      if (this.#end === undefined) await new Promise<void>((resolve) => (this.#wake = resolve));
      else if ('error' in this.#end) throw this.#end.error;
      else return undefined;
    }
  }

  /** All that is there now. */
  protected rest(): readonly T[] {
    this.#size = 0;
    this.#makeRoom?.();
    return this.#items.splice(0);
  }

  #finish(end: { readonly error?: unknown }): void {
    this.#end ??= end;
    this.#wake?.();
    this.#makeRoom?.();
  }
}
