import { CodexPlusError } from '../../kernel/errors.ts';
import { addAll } from '../../kernel/bounds/add-all.ts';
import type { Api, Exchange } from '../../kernel/exchange.ts';
import type { UpstreamAnswer } from '../../kernel/upstream.ts';
import { answerEncoding, kindAsAsked } from '../../protocol/answer-kind.ts';
import type { AnswerCodec } from '../../protocol/apis/answer-codec.ts';
import { codecOf } from '../../protocol/apis/codec-of.ts';
import { SseCutter } from '../../protocol/sse/sse-cutter.ts';
import { parseFrame } from '../../protocol/sse/sse-frame.ts';
import { brokenFault, type BrokenReason } from '../../protocol/translation/faults/broken-answer.ts';
import { throughFilter, type BytesFilter } from '../words/through-filter.ts';

/**
 * An answer that has to say something: a body without a letter fails at its end, and so does a stream in which nothing stands but the
 * beginning of an answer, its end and signs of life. To clients it would be a turn in which the model had nothing to say. What follows
 * the first thing that is said is not looked at.
 */
export function refuseSilence(answer: UpstreamAnswer, exchange: Exchange): UpstreamAnswer {
  const { headers, body } = answer;
  const isStream = kindAsAsked(headers, exchange) === 'events' && answerEncoding(headers) === undefined;
  const filter = isStream ? new SaidInFrames(exchange.request.api) : new SaidInBytes();
  return { ...answer, body: throughFilter(body, filter, (error) => error) };
}

const nothing = Buffer.alloc(0);

class SaidInBytes implements BytesFilter {
  #isSilent = true;

  take(chunk: Buffer): Buffer {
    if (this.#isSilent) this.#isSilent = isBlank(chunk);
    return chunk;
  }

  rest(isBroken: boolean): Buffer {
    if (this.#isSilent && !isBroken) throw silence('empty');
    return nothing;
  }
}

/** What says nothing is not longer. */
const maxSilentBytes = 4096;
/** Of an unfinished frame no more is held back: less than the least that `limits.maxEventBytes` can be, which what reads the stream has to see. */
const maxHeldBytes = 1000;
/** An answer has one end. */
const maxHeldFrames = 16;
/** What says nothing beside `data`. */
const silentLine = /^(?:$|:|(?:\ufeff?(?:event|id|retry|data)(?::|$)))/;

class SaidInFrames implements BytesFilter {
  readonly #codec: AnswerCodec;
  /** `undefined` once something was said. */
  #cutter: SseCutter | undefined = new SseCutter();
  /** Whether an answer was begun, which then said nothing. */
  #hasBegun = false;
  /** Ends of an answer that has not said anything: they go out with what is said behind them, or never. */
  #held: Buffer[] = [];

  constructor(api: Api) {
    this.#codec = codecOf(api).answer;
  }

  take(chunk: Buffer): Buffer {
    const cutter = this.#cutter;
    if (cutter === undefined) return chunk;
    const passing: Buffer[] = [];
    cutter.feed(chunk, (frame) => {
      this.#takeFrame(frame, passing);
    });
    const begun = cutter.rest();
    if (this.#hasSpoken() || begun.length > maxHeldBytes) this.#speak(begun, passing);
    return Buffer.concat(passing);
  }

  rest(isBroken: boolean): Buffer {
    if (this.#cutter === undefined) return nothing;
    const begun = this.#cutter.rest();
    if (isBroken || !this.#isSilentFrame(begun)) return begun;
    throw silence(this.#hasBegun ? 'ended' : 'empty');
  }

  #hasSpoken(): boolean {
    return this.#cutter === undefined;
  }

  #takeFrame(frame: Buffer, passing: Buffer[]): void {
    const isFull = this.#held.length === maxHeldFrames;
    if (this.#hasSpoken() || isFull || !this.#isSilentFrame(frame)) this.#speak(frame, passing);
    else if (this.#held.length > 0 || this.#isEnd(frame)) this.#held.push(frame);
    else passing.push(frame);
  }

  /** What says something, behind what waited for it. */
  #speak(frame: Buffer, passing: Buffer[]): void {
    addAll(passing, this.#held);
    passing.push(frame);
    this.#held = [];
    this.#cutter = undefined;
  }

  #isEnd(frame: Buffer): boolean {
    return this.#codec.watch.isTerminal(frame.toString('latin1'));
  }

  #isSilentFrame(frame: Buffer): boolean {
    if (frame.length > maxSilentBytes) return false;
    const isSilent = frame
      .toString()
      .split(/[\r\n]+/)
      .every((line) => silentLine.test(line));
    const { data } = parseFrame(frame);
    if (!isSilent || data === undefined) return isSilent;
    if (!this.#codec.isSilent(data)) return false;
    this.#hasBegun ||= data.trim() !== '' && !this.#isEnd(frame);
    return true;
  }
}

/** The blanks of Latin-1. */
const blanks: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x20, 0xa0]);

/** As a rule the first byte tells. */
function isBlank(chunk: Buffer): boolean {
  return chunk.length <= maxSilentBytes && chunk.every((byte) => blanks.has(byte));
}

function silence(reason: BrokenReason): CodexPlusError {
  return new CodexPlusError('stream_incomplete', brokenFault(reason).message);
}
