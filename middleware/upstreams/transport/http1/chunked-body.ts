import { maxHeaderSize } from 'node:http';
import { colonOf, LineReader, tooLong, valueOf, type LineTaker } from './line-reader.ts';
import { NotHttp } from './not-http.ts';

/** What takes the body of an answer, piece by piece; `false`: nothing more of it is wanted. */
export interface PieceTaker {
  readonly data: (piece: Buffer) => boolean;
}

const [size, extension, sizeEnd, data, dataEnd, dataFeed, trailers] = [0, 1, 2, 3, 4, 5, 6];
const [carriageReturn, lineFeed, semicolon] = [13, 10, 59];
/** Names, some with a value, which may be in quotes (RFC 9112 §7.1.1). */
const extensions =
  /^(?:;[\w!#$%&'*+\-.^`|~]+(?:=(?:[\w!#$%&'*+\-.^`|~]+|"(?:[\t !#-[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*"))?)*$/;
/** Of digits in a size: no body comes near to 2 to the power of 52. */
const maxDigits = 13;

/** A body in chunks (RFC 9112 §7.1), wherever it was cut. Extensions and trailers are read and left out. */
export class ChunkedBody implements LineTaker {
  readonly #trailers = new LineReader();
  #state = size;
  #left = 0;
  #digits = 0;
  #extension = '';
  /** Bytes of extensions and trailers. */
  #besides = 0;

  clear(): void {
    this.#state = size;
    this.#left = this.#digits = this.#besides = 0;
  }

  /** Reads on from `at`; returns the place behind the body, or -1 where its end is still to come or no longer wanted. */
  read(chunk: Buffer, at: number, taker: PieceTaker): number {
    let next = at;
    while (next < chunk.length) {
      if (this.#state === trailers) return this.#trailers.read(chunk, next, this);
      if (this.#state === data) {
        const end = Math.min(chunk.length, next + this.#left);
        this.#left -= end - next;
        if (this.#left === 0) this.#state = dataEnd;
        if (!taker.data(chunk.subarray(next, end))) return -1;
        next = end;
      } else {
        this.#step(chunk[next] ?? 0);
        next += 1;
      }
    }
    return -1;
  }

  line(text: string, from: number, to: number): void {
    const colon = colonOf(text, from, to);
    valueOf(text, colon + 1, to);
    if (/^(?:content-length|transfer-encoding)$/i.test(text.slice(from, colon)))
      throw new NotHttp('HPE_UNEXPECTED_CONTENT_LENGTH', 'its trailers say where it ends');
    this.#count(to - from);
  }

  #step(byte: number): void {
    switch (this.#state) {
      case size:
        this.#readSize(byte);
        break;
      case extension:
        this.#readExtension(byte);
        break;
      case sizeEnd:
        expect(byte, lineFeed);
        this.#state = this.#left === 0 ? trailers : data;
        this.#digits = 0;
        break;
      case dataEnd:
        expect(byte, carriageReturn);
        this.#state = dataFeed;
        break;
      default:
        expect(byte, lineFeed);
        this.#state = size;
    }
  }

  #readSize(byte: number): void {
    const digit = digitOf(byte);
    if (digit >= 0 && this.#digits < maxDigits) {
      this.#left = this.#left * 16 + digit;
      this.#digits += 1;
    } else if (this.#digits > 0 && byte === carriageReturn) this.#state = sizeEnd;
    else if (this.#digits > 0 && byte === semicolon) {
      this.#state = extension;
      this.#extension = ';';
    } else throw new NotHttp('HPE_INVALID_CHUNK_SIZE', 'the size of a chunk is none');
  }

  #readExtension(byte: number): void {
    if (byte === carriageReturn) {
      if (!extensions.test(this.#extension))
        throw new NotHttp('HPE_STRICT', 'an extension of a chunk is none');
      this.#extension = '';
      this.#state = sizeEnd;
      return;
    }
    this.#extension += String.fromCharCode(byte);
    this.#count(1);
  }

  #count(bytes: number): void {
    this.#besides += bytes;
    if (this.#besides >= maxHeaderSize) throw tooLong();
  }
}

function expect(byte: number, wanted: number): void {
  if (byte !== wanted) throw new NotHttp('HPE_STRICT', 'a chunk or its size does not end with CR LF');
}

/** -1 where it is no hexadecimal digit. */
function digitOf(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
