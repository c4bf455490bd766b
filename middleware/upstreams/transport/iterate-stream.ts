import type { ByteSink, ByteStream } from '../../kernel/byte-stream.ts';

/** Chunks kept for a reader that is behind; more pauses the stream. */
const highWater = 16;

/** Reads a stream chunk by chunk; leaving the loop early cancels the stream. */
export async function* iterateStream(stream: ByteStream): AsyncGenerator<Buffer, void, undefined> {
  const inbox = new Inbox();
  stream.deliver(inbox);
  try {
    let chunk = await inbox.next();
    while (chunk !== undefined) {
      if (inbox.isEmpty()) stream.resume();
      yield chunk;
      chunk = await inbox.next();
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

  isEmpty(): boolean {
    return this.#chunks.length === 0;
  }

  /** The next chunk, `undefined` after the last; rejects with the reason if the stream broke. */
  async next(): Promise<Buffer | undefined> {
    while (this.#chunks.length === 0) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this.#chunks.shift();
  }
}
