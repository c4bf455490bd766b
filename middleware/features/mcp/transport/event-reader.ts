import type { SseFrame } from '../../../kernel/sse-frame.ts';
import { countTextValues } from '../../../kernel/bounds/has-text-more-values.ts';
import { SseCutter } from '../../../protocol/sse/sse-cutter.ts';
import { tooMuch, type BodyReader } from '../bounded-answer.ts';
import { boundedText, fewValues, headOf } from './bounded-message.ts';
import { frameWith, plainFrame } from './plain-frame.ts';
import { changes, maxUnasked, maxUnaskedValues, PerSecond } from './per-second.ts';

/** What there may be of events; all but the size is counted over all streams of one connection. */
export interface EventBounds {
  readonly messages: PerSecond;
  readonly values: PerSecond;
  /** Comments, which keep a stream open, and what else is no message. */
  readonly others: PerSecond;
  /** Of one event. */
  readonly maxBytes: number;
  /** A clock that only goes forward, in milliseconds. */
  readonly now: () => number;
}

interface EventUses {
  /** Passes something on by itself. */
  readonly pass: (bytes: Buffer) => void;
  /** Hears that a list has more in it than is used. */
  readonly onCut: (list: string) => void;
}

/** Of a message: what it asks, and who waits for the answer. */
interface MessageHead {
  readonly id: unknown;
  readonly method: string;
}

/** Of the answers in one stream, which has one of them, or a few. */
const maxAnswerValues = 500_000;
/** What it takes to look at an answer, however little is in it. */
const answerValues = 100;

/**
 * Reads the events of one stream: of more than there may be the news are left out, and of a change that comes too often one is
 * told when the second is over. Anything else of which there is too much breaks the stream off.
 */
export class EventReader implements BodyReader {
  readonly #bounds: EventBounds;
  readonly #uses: EventUses;
  readonly #answers: PerSecond;
  readonly #cutter: SseCutter;
  #isTooLarge = false;
  #given: (Buffer | undefined)[] = [];
  /** Changes that came too often, by their methods. */
  readonly #due = new Map<string, SseFrame>();
  #timer: NodeJS.Timeout | undefined;

  constructor(bounds: EventBounds, uses: EventUses) {
    this.#bounds = bounds;
    this.#uses = uses;
    this.#answers = new PerSecond(maxAnswerValues, bounds.now);
    this.#cutter = new SseCutter(bounds.maxBytes, () => {
      this.#isTooLarge = true;
    });
  }

  take(piece: Buffer): Buffer | undefined {
    this.#cutter.feed(piece, this.#onFrame);
    if (this.#isTooLarge) throw tooMuch(this.#bounds.maxBytes);
    if (this.#due.size > 0) this.#timer ??= setTimeout(this.#tellDue, 1_000).unref();
    const given = this.#given;
    this.#given = [];
    return joined(given);
  }

  end(): Buffer | undefined {
    // An event that was not ended is none.
    return this.#takeDue();
  }

  leave(): void {
    clearTimeout(this.#timer);
  }

  readonly #onFrame = (raw: Buffer): void => {
    if (!this.#isTooLarge) this.#given.push(this.#passed(plainFrame(raw)));
  };

  /** What goes on of an event. */
  #passed(frame: SseFrame): Buffer | undefined {
    const { data } = frame;
    const { messages, values, others } = this.#bounds;
    if (data === undefined) {
      countOther(others);
      return frame.raw;
    }
    const count = countTextValues(data, maxAnswerValues);
    const isWithin = messages.take();
    if (isWithin && count <= fewValues && values.take(count)) return frame.raw;
    // Without a parse, which takes long where they are many.
    const { id, method } = headOf(data);
    if (typeof method !== 'string') {
      if (id === undefined) countOther(others);
      countAnswer(this.#answers, count);
    } else if (!isWithin || count <= fewValues || !values.take(count)) {
      this.#leaveOut(frame, { id, method }, isWithin ? `${maxUnaskedValues} values` : `${maxUnasked} things`);
      return undefined;
    }
    return count <= fewValues ? frame.raw : this.#withinValues(frame);
  }

  /** What is news, and more than may be told; throws for what is no news. */
  #leaveOut(frame: SseFrame, { id, method }: MessageHead, bound: string): void {
    if (id !== undefined) throw new Error(`it asked more than ${bound} in a second`);
    if (changes.has(method)) this.#due.set(method, frame);
  }

  readonly #tellDue = (): void => {
    const told = this.#takeDue();
    if (told !== undefined) this.#uses.pass(told);
  };

  #takeDue(): Buffer | undefined {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const frames = [...this.#due.values()];
    this.#due.clear();
    return joined(frames.map((frame) => this.#withinValues(frame)));
  }

  /** An event with no more values than are looked at; `undefined` for what is left out. */
  #withinValues(frame: SseFrame): Buffer | undefined {
    const { raw, data } = frame;
    const text = data === undefined ? undefined : boundedText(data, this.#uses.onCut);
    if (text === data) return raw;
    return text === undefined ? undefined : Buffer.from(frameWith(frame, text));
  }
}

function countOther(others: PerSecond): void {
  if (!others.take())
    throw new Error(`it sent more than ${maxUnasked} events in a second that are no messages`);
}

function countAnswer(answers: PerSecond, count: number): void {
  if (!answers.take(count + answerValues))
    throw new Error(`it answered more than ${maxAnswerValues} values in a second`);
}

function joined(pieces: readonly (Buffer | undefined)[]): Buffer | undefined {
  const given = pieces.filter((piece) => piece !== undefined);
  return given.length > 1 ? Buffer.concat(given) : given[0];
}
