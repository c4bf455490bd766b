import { connect, type Socket } from 'node:net';
import { nowNs, readStamps } from './stamp.ts';

/** What one request took. */
export interface Reading {
  readonly firstUs: number;
  readonly delayUs: readonly number[];
}

/** Longest wait for one answer. */
const answerLimitMs = 30_000;
const streamEnd = '0\r\n\r\n';

/**
 * One kept connection of the load generator, one request at a time. On a bare socket, because a generator that costs as much
 * as the target would measure itself; it understands as much HTTP as the targets here speak.
 */
export class LoadConnection {
  readonly #socket: Socket;
  readonly #request: Buffer;
  #text = '';
  /** Bytes of the body that are to come; `undefined`: chunked. */
  #bytesLeft: number | undefined;
  #inBody = false;
  #sentAt = 0;
  #firstUs: number | undefined;
  #delayUs: number[] = [];
  #settle: ((outcome: Reading | string) => void) | undefined;

  private constructor(socket: Socket, request: Buffer) {
    this.#socket = socket;
    this.#request = request;
    socket.setNoDelay(true);
    socket.setTimeout(answerLimitMs, () => {
      this.#finish('no answer in time');
    });
    socket.on('data', (chunk) => {
      this.#take(chunk, nowNs());
    });
    socket.on('error', (error) => {
      this.#finish(error.message);
    });
    socket.on('close', () => {
      this.#finish('the connection was closed');
    });
  }

  static open(port: number, request: Buffer): Promise<LoadConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1' });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new LoadConnection(socket, request));
      });
    });
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  /** Sends the request and reads the answer; a text says what went wrong. */
  call(): Promise<Reading | string> {
    this.#text = '';
    this.#inBody = false;
    this.#firstUs = undefined;
    this.#delayUs = [];
    return new Promise((resolve) => {
      this.#settle = resolve;
      this.#sentAt = nowNs();
      this.#socket.write(this.#request);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer, at: number): void {
    let text = this.#text + chunk.toString('latin1');
    let bodyBytes = chunk.length;
    if (!this.#inBody) {
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) {
        this.#text = text;
        return;
      }
      if (!this.#readHead(text.slice(0, end))) return;
      text = text.slice(end + 4);
      bodyBytes = text.length;
    }
    const { stamps, rest } = readStamps(text);
    for (const { writtenAt, thoughtFor } of stamps) {
      if (this.#firstUs === undefined) this.#firstUs = (at - this.#sentAt - thoughtFor) / 1_000;
      else this.#delayUs.push((at - writtenAt) / 1_000);
    }
    if (this.#isOver(text, bodyBytes)) {
      this.#finish(
        this.#firstUs === undefined ? 'no stamp' : { firstUs: this.#firstUs, delayUs: this.#delayUs },
      );
    } else {
      // Either may be cut by the end of a chunk.
      this.#text = rest === '' ? text.slice(1 - streamEnd.length) : rest;
    }
  }

  #readHead(head: string): boolean {
    if (!head.startsWith('HTTP/1.1 200 ')) {
      this.#finish(head.slice(0, head.indexOf('\r\n')));
      this.#socket.destroy();
      return false;
    }
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    this.#bytesLeft = length === undefined ? undefined : Number(length);
    this.#inBody = true;
    return true;
  }

  #isOver(text: string, bytes: number): boolean {
    if (this.#bytesLeft === undefined) return text.endsWith(streamEnd);
    this.#bytesLeft -= bytes;
    return this.#bytesLeft <= 0;
  }

  #finish(outcome: Reading | string): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(outcome);
  }
}
