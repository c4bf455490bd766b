import { maxHeaderSize } from 'node:http';
import { colonOf, LineReader, tooLong, valueOf, type LineTaker } from './line-reader.ts';
import { NotHttp } from './not-http.ts';

const protocol = 'HTTP/1.';
const statusLine = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: ([\t\x20-\x7e\x80-\xff]*))?$/;
/** Where a body ends. With a tab behind it, llhttp takes either for something else: it is refused. */
const lengthOnly = /^[\t ]*(\d+) *$/;
const chunkedOnly = /^[\t ]*chunked *$/i;

/** The head of an answer: its status, its headers, and what they say of its body and its connection. */
export class AnswerHead implements LineTaker {
  readonly #lines = new LineReader();
  #size = 0;
  #isOldHttp = false;
  #saysClose = false;
  #saysKeepAlive = false;
  status = 0;
  statusMessage = '';
  headers: string[] = [];
  /** -1 where it is not said. */
  contentLength = -1;
  isChunked = false;
  /** How long the connection is kept by its server, where it says so. */
  keptSeconds = Infinity;

  /** Whether more answers may come on the connection. */
  get isPersistent(): boolean {
    // Of a chunked answer in HTTP/1.0 nobody knows who made it so (RFC 9112 §6.1).
    return !this.#saysClose && (!this.#isOldHttp || (this.#saysKeepAlive && !this.isChunked));
  }

  /** For the next answer. */
  clear(): void {
    this.#size = 0;
    this.#isOldHttp = this.#saysClose = this.#saysKeepAlive = this.isChunked = false;
    this.status = 0;
    this.statusMessage = '';
    this.headers = [];
    this.contentLength = -1;
    this.keptSeconds = Infinity;
  }

  /** Reads on from `at`; returns the place behind the head, or -1 where it is still to come. */
  read(chunk: Buffer, at: number): number {
    const end = this.#lines.read(chunk, at, this);
    if (end >= 0) this.#check();
    // Another protocol may never end its first line.
    else if (this.status === 0 && !begins(this.#lines.rest)) throw noStatusLine();
    return end;
  }

  line(text: string, from: number, to: number): void {
    if (this.status === 0) {
      this.#readStatus(text.slice(from, to));
      return;
    }
    const colon = colonOf(text, from, to);
    const name = text.slice(from, colon);
    const value = valueOf(text, colon + 1, to);
    this.#size += name.length + value.length;
    if (this.#size >= maxHeaderSize) throw tooLong();
    this.headers.push(name, value);
    // Most names are told from these by their length.
    if (name.length === 10) this.#noteOfConnection(name.toLowerCase(), value);
    else if (name.length === 14 || name.length === 17)
      this.#noteOfBody(name.toLowerCase(), text.slice(colon + 1, to));
  }

  #readStatus(line: string): void {
    const [, minor, status, reason = ''] = statusLine.exec(line) ?? [];
    if (status === undefined) throw noStatusLine();
    this.#isOldHttp = minor === '0';
    this.status = Number(status);
    this.statusMessage = reason;
  }

  #noteOfConnection(name: string, value: string): void {
    if (name === 'connection') {
      this.#saysClose ||= /(?:^|,)[\t ]*close[\t ]*(?:,|$)/i.test(value);
      this.#saysKeepAlive ||= /(?:^|,)[\t ]*keep-alive[\t ]*(?:,|$)/i.test(value);
    } else if (name === 'keep-alive') {
      const [, seconds] = /timeout=(\d+)/.exec(value) ?? [];
      if (seconds !== undefined) this.keptSeconds = Number(seconds);
    }
  }

  #noteOfBody(name: string, written: string): void {
    if (name === 'content-length') this.#noteLength(lengthOnly.exec(written)?.[1]);
    else if (name === 'transfer-encoding') this.#noteCoding(written);
  }

  #noteLength(digits: string | undefined): void {
    const length = Number(digits ?? NaN);
    if (!Number.isSafeInteger(length)) throw new NotHttp('HPE_INVALID_CONTENT_LENGTH', 'its length is none');
    // Twice the same is refused as well: whoever is in between may have read only one of them.
    if (this.contentLength >= 0) throw new NotHttp('HPE_UNEXPECTED_CONTENT_LENGTH', 'it has two lengths');
    this.contentLength = length;
  }

  /** Codings besides `chunked` were not asked for (`te`), and whoever gets the body would not know of them. */
  #noteCoding(written: string): void {
    if (this.isChunked || !chunkedOnly.test(written))
      throw new NotHttp('HPE_INVALID_TRANSFER_ENCODING', 'it has another transfer coding than chunked');
    this.isChunked = true;
  }

  #check(): void {
    if (this.status === 0) throw noStatusLine();
    if (this.isChunked && this.contentLength >= 0)
      throw new NotHttp('HPE_INVALID_TRANSFER_ENCODING', 'it has a length and a transfer coding');
  }
}

function begins(text: string): boolean {
  return text.startsWith(protocol) || protocol.startsWith(text);
}

function noStatusLine(): NotHttp {
  return new NotHttp('HPE_INVALID_CONSTANT', 'it does not begin with a status line of HTTP/1.1');
}
