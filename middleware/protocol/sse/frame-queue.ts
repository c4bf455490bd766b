import type { SseFrame } from '../../kernel/sse-frame.ts';

/** Bytes kept for a writer that is behind; with more, whoever makes frames is to wait. */
const highWaterBytes = 64 * 1024;

/** A queue between whoever makes frames and the one who writes them; frames are kept until they are asked for. */
export class FrameQueue {
  readonly #frames: SseFrame[] = [];
  #bytes = 0;
  #end: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;
  #makeRoom: (() => void) | undefined;

  push(frame: SseFrame): void {
    if (this.#end !== undefined) return;
    this.#frames.push(frame);
    this.#bytes += frame.raw.length;
    this.#wake?.();
  }

  /** Resolves when the writer is not behind: to be awaited before the next frame is made. */
  async room(): Promise<void> {
    while (this.#bytes > highWaterBytes && this.#end === undefined) {
      await new Promise<void>((resolve) => (this.#makeRoom = resolve));
    }
  }

  close(): void {
    this.#end ??= {};
    this.#wake?.();
    this.#makeRoom?.();
  }

  /** Ends the frames with an error, after those that came before it. */
  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake?.();
    this.#makeRoom?.();
  }

  async *read(): AsyncGenerator<SseFrame, void, undefined> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame !== undefined) {
        this.#bytes -= frame.raw.length;
        this.#makeRoom?.();
        yield frame;
      } else if (this.#end === undefined) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
      } else {
        if ('error' in this.#end) throw this.#end.error;
        return;
      }
    }
  }
}
