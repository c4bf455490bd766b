import type { AnswerLimits } from '../../kernel/answer-limits.ts';
import type { ByteStream } from '../../kernel/byte-stream.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import { FrameReader } from '../../protocol/sse/frame-reader.ts';
import type { AnswerEvent } from '../../protocol/translation/answer-event.ts';
import { inPieces } from '../../protocol/translation/in-pieces.ts';
import { WholeLetters } from './whole-letters.ts';
import type { TranslationReader, TranslationWriter } from '../../protocol/translation/translation-codec.ts';
import { PushStream } from '../transport/push-stream.ts';

interface StreamSides {
  readonly reader: TranslationReader;
  readonly writer: TranslationWriter;
}

/** So much is read and written in one go: a few milliseconds. Then others have their turn. */
const bytesInOneGo = 512 * 1024;
/** What a frame costs beside its bytes. */
const bytesForFrame = 512;
const nothing = Buffer.alloc(0);

/**
 * A provider's stream as the client's: what each frame says goes out at once, at the client's pace. A stream that
 * breaks stays broken, and one that is larger than `limits` is broken off: what was read is kept until its end.
 */
export function translatedStream(source: ByteStream, sides: StreamSides, limits: AnswerLimits): ByteStream {
  return new Translating(source, sides, limits).stream;
}

class Translating {
  readonly stream: PushStream;
  readonly #source: ByteStream;
  readonly #sides: StreamSides;
  readonly #frames: FrameReader;
  readonly #letters = new WholeLetters();
  /** What came in, each as the bytes that are to be written for it. */
  #jobs: Iterator<Buffer>[] = [];
  #isPaused = false;
  /** Whether the source was asked to wait. */
  #isHeld = false;
  #isWorking = false;
  /** Bytes of this go. */
  #spent = 0;
  #again: NodeJS.Immediate | undefined;

  constructor(source: ByteStream, sides: StreamSides, limits: AnswerLimits) {
    this.#source = source;
    this.#sides = sides;
    this.#frames = new FrameReader(limits);
    this.stream = new PushStream({ pause: this.#pause, resume: this.#resume, cancel: this.#cancel });
    source.deliver({ data: this.#take, end: this.#end, fail: this.#fail });
  }

  readonly #take = (chunk: Buffer): boolean => {
    try {
      this.#do(this.#read(this.#frames.take(chunk)));
      this.#frames.assertWithin();
    } catch (error) {
      this.#source.cancel();
      this.#fail(asError(error));
    }
    this.#isHeld = this.#isPaused || this.#jobs.length > 0;
    return !this.#isHeld;
  };

  readonly #end = (): void => {
    this.#jobs.push(this.#read(this.#frames.rest()));
    this.#do(this.#finish());
  };

  readonly #fail = (error: Error): void => {
    this.#do(this.#break(error));
  };

  readonly #pause = (): void => {
    this.#isPaused = true;
  };

  /** A connection that takes all at once says so before anybody else has a turn: what is left waits for its own. */
  readonly #resume = (): void => {
    this.#isPaused = false;
    if (this.#jobs.length === 0) this.#work();
    else this.#again ??= setImmediate(this.#goOn);
  };

  readonly #cancel = (): void => {
    this.#forget();
    this.#source.cancel();
  };

  *#read(frames: readonly SseFrame[]): Generator<Buffer, void> {
    for (const frame of frames) {
      yield* this.#written(this.#sides.reader.read(frame));
      // A frame may cost as much where nothing is written for it.
      this.#spent += frame.raw.length;
      yield nothing;
    }
  }

  *#finish(): Generator<Buffer, void> {
    yield* this.#written(this.#sides.reader.finish());
    this.stream.finish();
  }

  // eslint-disable-next-line require-yield -- it stands among the others, and has nothing to write
  *#break(error: Error): Generator<Buffer, void> {
    this.stream.break(error);
  }

  *#written(events: readonly AnswerEvent[]): Generator<Buffer, void> {
    for (const piece of this.#pieces(events))
      for (const { raw } of this.#sides.writer.write(piece)) yield raw;
  }

  *#pieces(events: readonly AnswerEvent[]): Generator<AnswerEvent, void> {
    for (const event of events) for (const whole of this.#letters.take(event)) yield* inPieces(whole);
  }

  #do(job: Iterator<Buffer>): void {
    this.#jobs.push(job);
    this.#work();
  }

  /**
   * Writes what there is, unless the client is behind; after so much the rest has its next turn. A fault of ours ends this
   * answer, and nothing else.
   */
  #work(): void {
    if (this.#isWorking || this.#again !== undefined) return;
    this.#isWorking = true;
    try {
      this.#write();
    } catch (error) {
      this.#forget();
      this.#source.cancel();
      this.stream.break(asError(error));
    }
    this.#isWorking = false;
    if (this.#isPaused) return;
    if (this.#jobs.length > 0) this.#again = setImmediate(this.#goOn);
    else if (this.#isHeld) {
      this.#isHeld = false;
      this.#source.resume();
    }
  }

  #write(): void {
    this.#spent = 0;
    while (!this.#isPaused && this.#spent < bytesInOneGo) {
      const next = this.#jobs[0]?.next();
      if (next === undefined) return;
      if (next.done === true) this.#jobs.shift();
      else {
        if (next.value.length > 0) this.stream.push(next.value);
        this.#spent += next.value.length + bytesForFrame;
      }
    }
  }

  readonly #goOn = (): void => {
    this.#again = undefined;
    this.#work();
  };

  #forget(): void {
    this.#jobs = [];
    if (this.#again !== undefined) clearImmediate(this.#again);
    this.#again = undefined;
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
