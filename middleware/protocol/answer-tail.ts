import type { Api } from '../kernel/exchange.ts';
import { headerValue, type RawHeaders } from '../kernel/headers.ts';
import { parseJsonObject } from '../kernel/json-object.ts';
import type { Usage } from '../kernel/usage.ts';
import { answerEncoding, answerKind, isSuccess } from './answer-kind.ts';
import { failureIn, failureOfAnswer, isSurelyFine, type AnswerFailure } from './apis/answer-failure.ts';
import type { FrameWatch } from './apis/answer-codec.ts';
import { codecOf } from './apis/codec-of.ts';
import type { SentStream } from './apis/local-codec.ts';
import { memberNearEnd } from './json/member-near-end.ts';
import { endsWithBlankLine } from './sse/ends-with-blank-line.ts';
import { SseCutter } from './sse/sse-cutter.ts';
import { parseFrame } from './sse/sse-frame.ts';
import { usageFromFrames, usageOfAnswer } from './usage.ts';

/** Watches an answer go by: whether it is complete, and what it says was used. */
export interface AnswerTail {
  readonly isEventStream: boolean;
  readonly feed: (chunk: Buffer) => void;
  /** The same for the bytes of an event stream that was cut into frames already: one frame, or what is left of one. */
  readonly feedFrame: (raw: Buffer) => void;
  /** Whether it has said that it is over: what it used stands before that. */
  readonly isOver: () => boolean;
  /** Whether the answer may end here politely. */
  readonly isComplete: () => boolean;
  /** Whether a frame of our own could go out now. */
  readonly isAtBoundary: () => boolean;
  /** What a frame of our own has to fit to. */
  readonly sent: () => SentStream;
  readonly usage: () => Usage | undefined;
  /** Why the model gave no answer, where the upstream says so inside of a 200. */
  readonly failure: () => AnswerFailure | undefined;
}

/** A JSON answer longer than this is not kept to read its usage. */
const keptJsonBytes = 8 * 1024 * 1024;
/** Of a larger event only the beginning is kept: it says what it is, and not what was used. */
const keptEventBytes = 8 * 1024 * 1024;
/** The frame types that matter stand this early in every frame seen. */
const prefixBytes = 160;

/** The tail that fits the answer's kind, told by its head. */
export function createAnswerTail(api: Api, status: number, headers: RawHeaders): AnswerTail {
  const isReadable = isSuccess(status) && answerEncoding(headers) === undefined;
  const kind = isReadable ? answerKind(headers) : 'other';
  if (kind === 'events') return new EventTail(api);
  if (kind !== 'json') return unreadTail;
  return new JsonTail(api, Number(headerValue(headers, 'content-length') ?? NaN));
}

const nothingSent: SentStream = { opening: undefined, last: undefined };

const unreadTail: AnswerTail = {
  isEventStream: false,
  feed: () => undefined,
  feedFrame: () => undefined,
  isOver: () => false,
  isComplete: () => true,
  isAtBoundary: () => false,
  sent: () => nothingSent,
  usage: () => undefined,
  failure: () => undefined,
};

/** What an answer says of itself at its end. */
interface Told {
  readonly usage: Usage | undefined;
  readonly failure: AnswerFailure | undefined;
}

const nothingTold: Told = { usage: undefined, failure: undefined };

class JsonTail implements AnswerTail {
  readonly isEventStream = false;
  readonly #api: Api;
  readonly #length: number;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #told = nothingTold;

  /** `length`: of the whole answer, as its head says; NaN where it does not. */
  constructor(api: Api, length: number) {
    this.#api = api;
    this.#length = length;
  }

  feed(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= keptJsonBytes) this.#chunks.push(chunk);
    else this.#chunks = [];
  }

  feedFrame(raw: Buffer): void {
    this.feed(raw);
  }

  isOver(): boolean {
    return false;
  }

  isComplete(): boolean {
    return true;
  }

  isAtBoundary(): boolean {
    return false;
  }

  sent(): SentStream {
    return nothingSent;
  }

  usage(): Usage | undefined {
    return this.#read().usage;
  }

  failure(): AnswerFailure | undefined {
    return this.#read().failure;
  }

  /** Both are asked for at the end, and maybe again. */
  #read(): Told {
    if (this.#chunks.length > 0) {
      const [only, ...others] = this.#chunks;
      const bytes = only !== undefined && others.length === 0 ? only : Buffer.concat(this.#chunks);
      this.#chunks = [];
      this.#told = toldIn(bytes.toString(), this.#api, this.#bytes === this.#length);
    }
    return this.#told;
  }
}

function toldIn(text: string, api: Api, isWhole: boolean): Told {
  const usage = isWhole && isSurelyFine(text) ? memberNearEnd(text, 'usage') : undefined;
  if (usage !== undefined) return { usage: usageOfAnswer(api, { usage: usage.value }), failure: undefined };
  const answer = parseJsonObject(text);
  if (answer === undefined) return nothingTold;
  return { usage: usageOfAnswer(api, answer), failure: failureOfAnswer(answer) };
}

class EventTail implements AnswerTail {
  readonly isEventStream = true;
  readonly #cutter = new SseCutter(keptEventBytes);
  readonly #watch: FrameWatch;
  readonly #api: Api;
  /** The first and the newest frame with usage: more of them say nothing else. */
  #firstUsage: Buffer | undefined;
  #lastUsage: Buffer | undefined;
  #opening: Buffer | undefined;
  #failed: Buffer | undefined;
  #last: Buffer | undefined;
  #isOver = false;
  /** What was used, as far as until that frame. */
  #usage: Usage | undefined;
  #readUntil: Buffer | undefined;

  constructor(api: Api) {
    this.#api = api;
    this.#watch = codecOf(api).answer.watch;
  }

  feed(chunk: Buffer): void {
    this.#cutter.feed(chunk, this.#onFrame);
  }

  feedFrame(raw: Buffer): void {
    // The cutter keeps little of one that is too large.
    if (raw.length <= keptEventBytes && endsWithBlankLine(raw)) this.#onFrame(raw);
    else this.feed(raw);
  }

  isOver(): boolean {
    return this.#isOver;
  }

  isComplete(): boolean {
    return this.#isOver || this.#watch.mayEndAfter(this.#lastData());
  }

  isAtBoundary(): boolean {
    return this.#cutter.isAtBoundary();
  }

  sent(): SentStream {
    return { opening: dataOf(this.#opening), last: dataOf(this.#last) };
  }

  /** Asked for at the end, and maybe again. */
  usage(): Usage | undefined {
    const newest = this.#lastUsage ?? this.#last;
    if (newest !== this.#readUntil) {
      const first = this.#firstUsage === newest ? undefined : this.#firstUsage;
      const told = [first, newest].flatMap((raw) => dataOf(raw) ?? []);
      this.#usage = usageFromFrames(this.#api, told);
      this.#readUntil = newest;
    }
    return this.#usage;
  }

  failure(): AnswerFailure | undefined {
    return this.#failed === undefined ? undefined : failureIn(dataOf(this.#failed) ?? '');
  }

  #lastData(): string {
    return dataOf(this.#last) ?? '';
  }

  readonly #onFrame = (raw: Buffer): void => {
    const prefix = raw.toString('latin1', 0, prefixBytes);
    if (this.#watch.isFailure(prefix)) this.#failed = raw;
    if (this.#watch.isTerminal(prefix)) this.#isOver = true;
    else if (this.#opening === undefined && this.#watch.isOpening(prefix)) this.#opening = raw;
    if (this.#watch.hasUsage(prefix, raw)) {
      this.#firstUsage ??= raw;
      this.#lastUsage = raw;
    }
    // A stream may close with a comment or an unknown frame; the last one that says something decides.
    if (prefix.includes('data:')) this.#last = raw;
  };
}

function dataOf(raw: Buffer | undefined): string | undefined {
  return raw === undefined ? undefined : parseFrame(raw).data;
}
