import { createServer, type Server, type Socket } from 'node:net';
import { callPieces, streamHead, streamPiece } from '../answers.ts';
import { nowNs, readStamps } from '../stamp.ts';

/** Where the time of one call of a tool went, in microseconds. */
export interface ToolCallTimes {
  /** From the last byte of the answer with the call to the begin of the tool. */
  readonly toToolUs: number;
  /** From the end of the tool to the first byte of the next request. */
  readonly fromToolUs: number;
}

const headEnd = Buffer.from('\r\n\r\n');

/**
 * An upstream in this process: to the first request of a turn it answers with a call of a tool, to the next one, which has
 * what came of it, with words. One turn at a time.
 */
export class TimedUpstream {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #tool = '';
  #answerEndedAt: number | undefined;
  #times: ToolCallTimes | undefined;

  constructor() {
    this.#server = createServer({ noDelay: true }, (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      // A client that left.
      socket.on('error', () => undefined);
      this.#listen(socket);
    });
  }

  /** Resolves with its port. */
  listen(): Promise<number> {
    return new Promise((resolve) => {
      this.#server.listen({ port: 0, host: '127.0.0.1' }, () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }

  /** The next turn calls this tool. */
  begin(tool: string): void {
    this.#tool = tool;
    this.#answerEndedAt = undefined;
    this.#times = undefined;
  }

  /** Of the turn that is over; `undefined` where its tool was not called. */
  get times(): ToolCallTimes | undefined {
    return this.#times;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #listen(socket: Socket): void {
    let chunks: Buffer[] = [];
    let size = 0;
    let wholeSize = Infinity;
    let firstByteAt = 0;
    socket.on('data', (chunk) => {
      if (size === 0) firstByteAt = nowNs();
      chunks.push(chunk);
      size += chunk.length;
      if (wholeSize === Infinity) wholeSize = sizeOf(Buffer.concat(chunks));
      if (size < wholeSize) return;
      const request = Buffer.concat(chunks).toString('latin1');
      chunks = [];
      size = 0;
      wholeSize = Infinity;
      this.#answer(socket, request, firstByteAt);
    });
  }

  #answer(socket: Socket, request: string, firstByteAt: number): void {
    if (!request.startsWith('POST ')) {
      const body = request.includes('/models')
        ? '{"object":"list","data":[{"id":"gpt-5.5"}]}'
        : '{"status":"healthy"}';
      socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      return;
    }
    if (this.#answerEndedAt === undefined) {
      const [first, last] = callPieces(this.#tool);
      socket.write(`${streamHead}${chunked(first)}`);
      this.#answerEndedAt = nowNs();
      socket.write(`${chunked(last)}0\r\n\r\n`);
      return;
    }
    const stamp = readStamps(request.slice(request.lastIndexOf('function_call_output'))).stamps.at(-1);
    if (stamp !== undefined)
      this.#times = {
        toToolUs: (stamp.writtenAt - stamp.thoughtFor - this.#answerEndedAt) / 1_000,
        fromToolUs: (firstByteAt - stamp.writtenAt) / 1_000,
      };
    const now = nowNs();
    socket.write(
      `${streamHead}${chunked(streamPiece(0, 1, now))}${chunked(streamPiece(1, 1, now))}0\r\n\r\n`,
    );
  }
}

/** Of a request, with its head; `Infinity` while that is not whole. */
function sizeOf(bytes: Buffer): number {
  const end = bytes.indexOf(headEnd);
  if (end < 0) return Infinity;
  const head = bytes.toString('latin1', 0, end);
  return end + headEnd.length + Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
}

function chunked(piece: string): string {
  return `${piece.length.toString(16)}\r\n${piece}\r\n`;
}
