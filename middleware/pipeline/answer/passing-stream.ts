import { addAll } from '../../kernel/bounds/add-all.ts';
import type { AnswerLimits } from '../../kernel/answer-limits.ts';
import type { ByteSink, ByteStream } from '../../kernel/byte-stream.ts';
import { asCodexPlusError } from '../../kernel/errors.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import type { StreamSigns } from '../../protocol/apis/answer-signs.ts';
import { FrameReader } from '../../protocol/sse/frame-reader.ts';
import { readOn } from '../../protocol/sse/read-frames.ts';
import { iterateStream } from '../../upstreams/transport/iterate-stream.ts';
import { PushStream } from '../../upstreams/transport/push-stream.ts';
import { UnreadBeginning } from './unread-beginning.ts';

/** Reads an answer frame by frame, for as long as nothing in it has to be waited for. */
export interface PassingReader {
  /**
   * What goes on of a frame at once. `over`: neither it nor what follows goes on; `waits`: something in it has to be decided, and
   * it is the first one of those that `frames` is given. Throws what ends the answer.
   */
  readonly pass: (frame: SseFrame) => readonly SseFrame[] | 'over' | 'waits';
  /** What becomes of this frame and of all that follow. */
  readonly frames: (rest: AsyncIterable<SseFrame>) => AsyncIterable<SseFrame>;
}

interface PassingOptions {
  /** Opens the reader, once there is something to be read. */
  readonly open: () => PassingReader;
  /** Of what a look is enough, which is not read; `undefined` where all has to be read. */
  readonly signs: StreamSigns | undefined;
  readonly limits: AnswerLimits;
}

interface Reading {
  readonly reader: PassingReader;
  readonly frames: FrameReader;
}

/**
 * An event stream that goes on as its bytes come: unread as long as a look at them is enough, then as whole frames, until one of them has
 * something in it that has to be decided. An answer without such a frame, as most are, costs no turn of the event loop more than one that
 * nobody reads.
 */
export class PassingStream implements ByteStream {
  readonly #source: ByteStream;
  readonly #options: PassingOptions;
  /** `undefined` once something had to be read. */
  #unread: UnreadBeginning | undefined;
  #reading: Reading | undefined;
  #sink: ByteSink | undefined;
  /** What follows once something had to be decided. */
  #rest: PushStream | undefined;
  #isRestPaused = false;
  #isOver = false;
  #wake: () => void = () => undefined;

  constructor(source: ByteStream, options: PassingOptions) {
    const { signs, limits } = options;
    this.#source = source;
    this.#options = options;
    this.#unread = signs && new UnreadBeginning(signs, limits);
  }

  deliver(sink: ByteSink): void {
    this.#sink = sink;
    this.#source.deliver({ data: this.#take, end: this.#end, fail: this.#fail });
  }

  resume(): void {
    this.#wake();
    if (this.#rest === undefined) this.#source.resume();
  }

  cancel(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#source.cancel();
    this.#rest?.break(new Error('the answer was given up'));
    this.#wake();
  }

  [Symbol.asyncIterator](): AsyncIterator<Buffer> {
    return iterateStream(this);
  }

  readonly #take = (chunk: Buffer): boolean => {
    if (this.#rest !== undefined) {
      this.#rest.push(chunk);
      return !this.#isRestPaused;
    }
    return this.#guarded(() => {
      if (this.#unread?.passes(chunk) === true) return this.#sink?.data(chunk) ?? true;
      const reading = this.#read();
      const keepsUp = this.#passAll(reading.frames.take(chunk), reading);
      if (this.#rest === undefined) reading.frames.assertWithin();
      return keepsUp;
    });
  };

  /** What has gone by unread is read first, where it is anything to what follows. */
  #read(): Reading {
    if (this.#reading !== undefined) return this.#reading;
    const { open, limits } = this.#options;
    const reader = open();
    for (const frame of this.#unread?.frames() ?? []) reader.pass(frame);
    this.#reading = { reader, frames: new FrameReader(limits, this.#unread?.bytes) };
    this.#unread = undefined;
    return this.#reading;
  }

  readonly #end = (): void => {
    // What has to be decided may be in the last frame.
    const reading = this.#rest === undefined ? this.#reading : undefined;
    if (reading !== undefined) this.#guarded(() => this.#passAll(reading.frames.rest(), reading));
    this.#rest?.finish();
    if (this.#rest === undefined)
      this.#close((sink) => {
        sink.end();
      });
  };

  readonly #fail = (error: Error): void => {
    if (this.#rest !== undefined) this.#rest.break(error);
    else
      this.#close((sink) => {
        sink.fail(error);
      });
  };

  #passAll(frames: readonly SseFrame[], reading: Reading): boolean {
    const passed: SseFrame[] = [];
    let at = 0;
    let stop: 'over' | 'waits' | undefined;
    let keepsUp: boolean;
    try {
      for (const frame of frames) {
        const passes = reading.reader.pass(frame);
        if (typeof passes === 'string') {
          stop = passes;
          break;
        }
        addAll(passed, passes);
        at += 1;
      }
    } finally {
      keepsUp = this.#write(passed);
    }
    if (stop === 'waits') this.#begin(frames.slice(at), reading);
    if (stop === 'over')
      this.#giveUp((sink) => {
        sink.end();
      });
    return keepsUp;
  }

  /** What came together goes on together. */
  #write(frames: readonly SseFrame[]): boolean {
    const [first] = frames;
    if (first === undefined || this.#sink === undefined) return true;
    return this.#sink.data(frames.length === 1 ? first.raw : Buffer.concat(frames.map(({ raw }) => raw)));
  }

  #begin(taken: readonly SseFrame[], { reader, frames }: Reading): void {
    const rest = new PushStream({
      pause: () => (this.#isRestPaused = true),
      resume: () => {
        this.#isRestPaused = false;
        this.#source.resume();
      },
      cancel: () => {
        this.#source.cancel();
      },
    });
    this.#rest = rest;
    void this.#writeFrames(reader.frames(readOn(rest, frames, taken)));
  }

  /** The next frame when the sink has taken the last. */
  async #writeFrames(frames: AsyncIterable<SseFrame>): Promise<void> {
    try {
      for await (const { raw } of frames) {
        if (this.#isOver || this.#sink === undefined) return;
        if (!this.#sink.data(raw)) await new Promise<void>((resolve) => (this.#wake = resolve));
      }
      this.#close((sink) => {
        sink.end();
      });
    } catch (error) {
      this.#close((sink) => {
        sink.fail(asCodexPlusError(error));
      });
    }
  }

  #guarded(work: () => boolean): boolean {
    try {
      return work();
    } catch (error) {
      this.#giveUp((sink) => {
        sink.fail(asCodexPlusError(error));
      });
      return true;
    }
  }

  #giveUp(tell: (sink: ByteSink) => void): void {
    this.#close(tell);
    this.#source.cancel();
  }

  #close(tell: (sink: ByteSink) => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#sink !== undefined) tell(this.#sink);
  }
}
