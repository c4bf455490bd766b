import { maxHeaderSize } from 'node:http';
import { NotHttp } from './not-http.ts';

/** What takes the lines of a head, or of the trailers behind a body. */
export interface LineTaker {
  /** A line is `text` from `from` to `to`, without its end. */
  readonly line: (text: string, from: number, to: number) => void;
}

const blankLine = Buffer.from('\r\n\r\n');
const carriageReturn = 13;

/** Cuts bytes into lines up to the blank one, wherever they were cut. A line ends with CR LF and nothing else (RFC 9112 §2.2). */
export class LineReader {
  /** The begin of a line whose end has not come. */
  #rest = '';

  get rest(): string {
    return this.#rest;
  }

  /** Reads on from `at`; returns the place behind the blank line, or -1 where it is still to come. */
  read(chunk: Buffer, at: number, taker: LineTaker): number {
    const end = chunk.indexOf(blankLine, at);
    const before = this.#rest.length;
    const text = this.#rest + chunk.toString('latin1', at, end < 0 ? chunk.length : end + blankLine.length);
    let from = 0;
    for (let feed = text.indexOf('\n'); feed >= 0; feed = text.indexOf('\n', from)) {
      if (feed === from || text.charCodeAt(feed - 1) !== carriageReturn)
        throw new NotHttp('HPE_CR_EXPECTED', 'a line ends without CR');
      if (feed - 1 === from) {
        this.#rest = '';
        return at + feed + 1 - before;
      }
      taker.line(text, from, feed - 1);
      from = feed + 1;
    }
    this.#rest = text.slice(from);
    if (this.#rest.length > maxHeaderSize) throw tooLong();
    return -1;
  }
}

/** Of a head or of trailers: as many bytes of names and values as undici and Node take. */
export function tooLong(): NotHttp {
  return new NotHttp('HPE_HEADER_OVERFLOW', `its headers are longer than ${maxHeaderSize} bytes`);
}

/** Which bytes a name may have (RFC 9110 §5.6.2), and which a value. */
const isOfName = new Uint8Array(256);
for (const char of "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
  isOfName[char.charCodeAt(0)] = 1;
const isOfValue = new Uint8Array(256).fill(1, 32).fill(1, 9, 10).fill(0, 127, 128);

const [tab, space, colon] = [9, 32, 58];

/** Where the colon of a header line is. A line that goes on from the one before (obs-fold) is none: it has no name. */
export function colonOf(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isOfName[text.charCodeAt(at)] === 1) at += 1;
  if (at === from || at === to || text.charCodeAt(at) !== colon)
    throw new NotHttp('HPE_INVALID_HEADER_TOKEN', 'a line of its head is no header');
  return at;
}

/** The text without the white space around it, in which no other byte than a value's may stand. */
export function valueOf(text: string, from: number, to: number): string {
  let begin = from;
  let end = to;
  while (begin < end && isBlank(text.charCodeAt(begin))) begin += 1;
  while (end > begin && isBlank(text.charCodeAt(end - 1))) end -= 1;
  for (let at = begin; at < end; at += 1)
    if (isOfValue[text.charCodeAt(at)] !== 1)
      throw new NotHttp('HPE_INVALID_HEADER_TOKEN', 'a value in its head has a control character');
  return text.slice(begin, end);
}

function isBlank(code: number): boolean {
  return code === space || code === tab;
}
