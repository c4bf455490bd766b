import { parseJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { errorOfChoices, hasFailed } from '../../protocol/apis/answer-failure.ts';
import { endsWithBlankLine } from '../../protocol/sse/ends-with-blank-line.ts';
import { SseCutter } from '../../protocol/sse/sse-cutter.ts';
import { frameBytes, parseFrame } from '../../protocol/sse/sse-frame.ts';
import { carriesModelWords, mayBeOdd } from '../../protocol/apis/model-words.ts';
import { cleanEnds, cleanText, type CleanWords } from './clean-words.ts';
import type { TellEvent } from './told-failure.ts';
import { UntilOdd } from './until-odd.ts';

/** Of an unfinished frame no more is held back: an error is not longer. */
const maxHeldBytes = 256 * 1024;

/**
 * Cleans what no model said in an event stream: frames that say that it failed, in whatever form, and words for its end. What models
 * say passes as the bytes that it is; only what a chunk has of an unfinished frame waits for the rest of it, without which no client
 * can read it.
 */
export class ErrorFrames {
  readonly #clean: CleanWords;
  readonly #tell: TellEvent;
  readonly #maxHeldBytes: number;
  #begun: Buffer[] = [];
  #begunBytes = 0;
  /** What passes the unfinished frame on, which is too long to be held. */
  #passing: UntilOdd | undefined;
  /** The last bytes before the chunk: a blank line may be cut in two. */
  #tail: Buffer = Buffer.alloc(0);

  /**
   * `maxEventBytes`: what reads the stream behind this breaks it off in a longer event, and has to see it. `tell`: has events that say
   * that the answer failed in other words, which are then cleaned.
   */
  constructor(clean: CleanWords, maxEventBytes = maxHeldBytes, tell: TellEvent = asTold) {
    this.#clean = clean;
    this.#tell = tell;
    this.#maxHeldBytes = Math.min(maxHeldBytes, maxEventBytes);
  }

  /** What may go on of the stream with this chunk; empty while nothing may. */
  take(chunk: Buffer): Buffer {
    const isPlain = this.#begun.length === 0 && this.#passing === undefined && this.#tail.length === 0;
    if (isPlain && endsWithBlankLine(chunk) && !mayBeOdd(chunk.toString('latin1'))) return chunk;
    const { first, last } = this.#endsIn(chunk);
    this.#tail = Buffer.concat([this.#tail, chunk.subarray(-tailBytes)]).subarray(-tailBytes);
    if (last === 0) return this.#hold(chunk);
    const long = this.#endOfLong(chunk.subarray(0, first));
    const whole = this.#cleaned(this.#joined(chunk.subarray(first, last)));
    this.#begun = [];
    this.#begunBytes = 0;
    const rest = chunk.subarray(last);
    if (rest.length > 0) return Buffer.concat([long, whole, this.#hold(rest)]);
    this.#tail = Buffer.alloc(0);
    return first === 0 ? whole : Buffer.concat([long, whole]);
  }

  /** What is left once nothing follows. */
  rest(): Buffer {
    const rest = this.#passing?.rest() ?? this.#cleaned(this.#joined());
    this.#begun = [];
    return rest;
  }

  #cleaned(frames: Buffer): Buffer {
    return cleanedFrames(frames, this.#clean, this.#tell);
  }

  #hold(piece: Buffer): Buffer {
    if (this.#passing !== undefined) return this.#passing.take(piece);
    this.#begun.push(piece);
    this.#begunBytes += piece.length;
    if (this.#begunBytes <= this.#maxHeldBytes) return Buffer.alloc(0);
    const held = this.#joined();
    this.#begun = [];
    this.#passing = new UntilOdd(this.#clean);
    return this.#passing.take(held);
  }

  /** What was passing, up to its end; nothing where nothing was. */
  #endOfLong(piece: Buffer): Buffer {
    if (this.#passing === undefined) return piece;
    const end = Buffer.concat([this.#passing.take(piece), this.#passing.rest()]);
    this.#passing = undefined;
    return end;
  }

  #joined(...last: readonly Buffer[]): Buffer {
    const [only, ...others] = [...this.#begun, ...last];
    return only !== undefined && others.length === 0 ? only : Buffer.concat([...this.#begun, ...last]);
  }

  /** Where the frame that is passing ends in a chunk, and the last one that the chunk finishes; 0 where none does. */
  #endsIn(chunk: Buffer): { readonly first: number; readonly last: number } {
    const seen = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk]);
    const before = this.#tail.length;
    const endOf = (line: string, at: number): number => (at < 0 ? 0 : Math.max(0, at + line.length - before));
    const last = Math.max(...blankLines.map((line) => endOf(line, seen.lastIndexOf(line))));
    if (last === 0 || this.#passing === undefined) return { first: 0, last };
    const firsts = blankLines.map((line) => endOf(line, seen.indexOf(line)));
    return { first: Math.min(...firsts.filter((end) => end > 0)), last };
  }
}

const blankLines = ['\n\n', '\n\r\n', '\r\r'];
const tailBytes = 2;

const asTold: TellEvent = (told) => told;

function cleanedFrames(raw: Buffer, clean: CleanWords, tell: TellEvent): Buffer {
  if (!mayBeOdd(raw.toString('latin1'))) return raw;
  const frames: Buffer[] = [];
  const cutter = new SseCutter();
  cutter.feed(raw, (frame) => frames.push(frame));
  const cleaned = [...frames, cutter.rest()].map((frame) => cleanedFrame(frame, clean, tell));
  return Buffer.concat(cleaned);
}

function cleanedFrame(raw: Buffer, clean: CleanWords, tell: TellEvent): Buffer {
  const { event, data } = parseFrame(raw);
  const cleaned = data === undefined ? undefined : cleanedData({ event, data }, clean, tell);
  if (cleaned === data) return cleanedLines(raw, clean);
  // Of a frame that is cut off no more is made than it is.
  if (cleaned === undefined || !endsWithBlankLine(raw)) return Buffer.from(clean(raw.toString()));
  return frameBytes(cleaned.replaceAll('\n', '\ndata: '), event === undefined ? undefined : clean(event));
}

function cleanedData(
  { event, data }: { readonly event: string | undefined; readonly data: string },
  clean: CleanWords,
  tell: TellEvent,
): string {
  if (data.trim() === '[DONE]') return data;
  const told = parseJsonObject(data);
  const isWords = told !== undefined && event !== 'error' && saysWords(told);
  if (isWords) return cleanEnds(data, clean);
  const retold = told === undefined ? undefined : tell(told);
  return cleanText(retold === told ? data : JSON.stringify(retold), clean);
}

function saysWords(told: JsonObject): boolean {
  return !hasFailed(told) && errorOfChoices(told) === undefined && carriesModelWords(told);
}

/** Names, comments, and what is no field at all: clients pass over it, and people read it. */
function cleanedLines(raw: Buffer, clean: CleanWords): Buffer {
  const text = raw.toString();
  const cleaned = text.replace(/^(?!data:).+/gm, clean);
  return cleaned === text ? raw : Buffer.from(cleaned);
}
