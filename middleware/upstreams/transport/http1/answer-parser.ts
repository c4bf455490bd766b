import { AnswerHead } from './answer-head.ts';
import { ChunkedBody, type PieceTaker } from './chunked-body.ts';
import { NotHttp } from './not-http.ts';

/** What takes an answer. */
export interface AnswerTaker extends PieceTaker {
  /** The head that counts: not of one that is only interim. It is no longer this one when the next answer comes. */
  readonly head: (head: Readonly<AnswerHead>) => void;
}

type Part = 'head' | 'length' | 'chunks' | 'rest';

/** Reads the answers of one connection, one after the other. Strict: what two readers could understand in two ways is refused. */
export class AnswerParser {
  readonly #taker: AnswerTaker;
  readonly #head = new AnswerHead();
  readonly #chunks = new ChunkedBody();
  #part: Part = 'head';
  #isToHead = false;
  #left = 0;

  constructor(taker: AnswerTaker) {
    this.#taker = taker;
  }

  /** Whether the answer that is read ends with its connection. */
  get endsWithConnection(): boolean {
    return this.#part === 'rest';
  }

  /** For the answer to the next request. */
  begin(method: string): void {
    this.#head.clear();
    this.#part = 'head';
    this.#isToHead = method === 'HEAD';
  }

  /**
   * Reads bytes as they came; returns the place behind the answer, or -1 where its end is still to come or no longer wanted.
   * Throws NotHttp; the answer is broken then, and the connection lost.
   */
  feed(chunk: Buffer): number {
    let at = 0;
    while (this.#part === 'head') {
      at = this.#head.read(chunk, at);
      if (at < 0) return -1;
      // RFC 9110 §15.2: interim answers that nobody asked for are passed over.
      if (this.#head.status >= 200) return this.#beginBody() ? this.#readBody(chunk, at) : at;
      if (this.#head.status === 101) throw new Error('it switched to another protocol');
      if (!this.#head.isPersistent)
        throw new NotHttp('HPE_CLOSED_CONNECTION', 'an interim answer is its last');
      this.#head.clear();
      if (at === chunk.length) return -1;
    }
    return this.#readBody(chunk, at);
  }

  /** Whether there is a body (RFC 9112 §6.3). */
  #beginBody(): boolean {
    const { status, isChunked, contentLength } = this.#head;
    this.#taker.head(this.#head);
    if (this.#isToHead || status === 204 || status === 304 || contentLength === 0) return false;
    this.#left = contentLength;
    if (isChunked) this.#chunks.clear();
    this.#part = isChunked ? 'chunks' : contentLength > 0 ? 'length' : 'rest';
    return true;
  }

  #readBody(chunk: Buffer, at: number): number {
    if (at === chunk.length) return -1;
    if (this.#part === 'chunks') return this.#chunks.read(chunk, at, this.#taker);
    if (this.#part === 'rest') {
      this.#taker.data(at === 0 ? chunk : chunk.subarray(at));
      return -1;
    }
    const end = Math.min(chunk.length, at + this.#left);
    this.#left -= end - at;
    const goesOn = this.#taker.data(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end));
    return goesOn && this.#left === 0 ? end : -1;
  }
}
