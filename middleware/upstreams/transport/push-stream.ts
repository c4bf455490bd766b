import type { ByteSink, ByteStream } from '../../kernel/byte-stream.ts';
import { iterateStream } from './iterate-stream.ts';

/** What a PushStream asks of the call that feeds it. */
export interface Producer {
  readonly pause: () => void;
  readonly resume: () => void;
  /** Ends the call; nothing may be pushed afterwards, and what is pushed all the same is dropped. */
  readonly cancel: () => void;
}

/** Bytes kept before a reader is there; more pauses the producer. */
const unreadHighWater = 64 * 1024;

/** A ByteStream fed by callbacks: the producer pushes, the reader's pace is passed on to it. */
export class PushStream implements ByteStream {
  readonly #producer: Producer;
  #sink: ByteSink | undefined;
  #waiting: Buffer[] = [];
  /** Which of them comes next: taking the first out of a long list would move all others, each time. */
  #next = 0;
  #waitingBytes = 0;
  #paused = false;
  #ended = false;
  #failure: Error | undefined;
  #closed = false;

  constructor(producer: Producer) {
    this.#producer = producer;
  }

  get whole(): Buffer | undefined {
    const isUnread = this.#sink === undefined && !this.#closed;
    return isUnread && this.#ended && this.#failure === undefined && this.#waiting.length === 1
      ? this.#waiting[0]
      : undefined;
  }

  push(chunk: Buffer): void {
    if (this.#closed) return;
    if (this.#sink !== undefined && !this.#paused) {
      if (!this.#sink.data(chunk)) this.#pause();
      return;
    }
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#sink === undefined && this.#waitingBytes > unreadHighWater) this.#producer.pause();
  }

  finish(): void {
    this.#ended = true;
    this.#settle();
  }

  break(error: Error): void {
    this.#failure = error;
    this.#settle();
  }

  deliver(sink: ByteSink): void {
    this.#sink = sink;
    this.resume();
  }

  resume(): void {
    const sink = this.#sink;
    if (sink === undefined) return;
    this.#paused = false;
    for (let chunk = this.#take(); chunk !== undefined; chunk = this.#take())
      if (!sink.data(chunk)) {
        this.#pause();
        return;
      }
    this.#waitingBytes = 0;
    this.#producer.resume();
    this.#settle();
  }

  cancel(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#waiting = [];
    this.#next = 0;
    this.#producer.cancel();
  }

  [Symbol.asyncIterator](): AsyncIterator<Buffer> {
    return iterateStream(this);
  }

  #take(): Buffer | undefined {
    const chunk = this.#waiting[this.#next];
    this.#next += 1;
    if (this.#next * 2 > this.#waiting.length) {
      this.#waiting = this.#waiting.slice(this.#next);
      this.#next = 0;
    }
    return chunk;
  }

  #pause(): void {
    this.#paused = true;
    this.#producer.pause();
  }

  /** Tells the sink how the stream ended, once it has had every chunk. */
  #settle(): void {
    const sink = this.#sink;
    if (sink === undefined || this.#closed || this.#paused || this.#waiting.length > 0) return;
    if (this.#failure !== undefined) {
      this.#closed = true;
      sink.fail(this.#failure);
    } else if (this.#ended) {
      this.#closed = true;
      sink.end();
    }
  }
}
