import type { SseFrame } from '../../kernel/sse-frame.ts';

/** A queue between whoever makes frames and the one who writes them; frames are kept until they are asked for. */
export class FrameQueue {
  readonly #frames: SseFrame[] = [];
  #end: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;

  push(frame: SseFrame): void {
    if (this.#end !== undefined) return;
    this.#frames.push(frame);
    this.#wake?.();
  }

  close(): void {
    this.#end ??= {};
    this.#wake?.();
  }

  /** Ends the frames with an error, after those that came before it. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake?.();
  }

  async *read(): AsyncGenerator<SseFrame, void, undefined> {
    for (;;) {
      const frames = this.#frames.splice(0);
      if (frames.length > 0) {
        yield* frames;
      } else if (this.#end === undefined) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      } else {
        if ('error' in this.#end) throw this.#end.error;
        return;
      }
    }
  }
}
