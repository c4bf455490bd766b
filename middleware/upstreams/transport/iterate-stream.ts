import type { ByteSink, ByteStream } from '../../kernel/byte-stream.ts';

/** Chunks kept for a reader that is behind; more pauses the stream. */
const highWater = 16;

/** Reads a stream chunk by chunk; leaving the loop early cancels the stream. */
export async function* iterateStream(stream: ByteStream): AsyncGenerator<Buffer, void, undefined> {
  const inbox = new Inbox();
  stream.deliver(inbox);
  try {
    for (;;) {
      const chunk = inbox.take();
      if (chunk === undefined) {
        if (inbox.isOver()) return;
        await inbox.news();
      } else {
        if (inbox.isEmpty()) stream.resume();
        yield chunk;
      }
    }
  } finally {
    stream.cancel();
  }
}

class Inbox implements ByteSink {
  readonly #chunks: Buffer[] = [];
  #ended = false;
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  readonly data = (chunk: Buffer): boolean => {
    this.#chunks.push(chunk);
    this.#wake();
    return this.#chunks.length < highWater;
  };

  readonly end = (): void => {
    this.#ended = true;
    this.#wake();
  };

  readonly fail = (error: Error): void => {
    this.#failure = error;
    this.#wake();
  };

  take(): Buffer | undefined {
    return this.#chunks.shift();
  }

  isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  /** Whether the stream has ended; throws the reason if it broke. */
  isOver(): boolean {
    if (this.#failure !== undefined) throw this.#failure;
    return this.#ended;
  }

  async news(): Promise<void> {
    if (this.#chunks.length > 0 || this.#ended || this.#failure !== undefined) return;
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}
