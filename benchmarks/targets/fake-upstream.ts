import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { jsonAnswer, jsonHead, streamHead, streamPiece } from '../answers.ts';
import { scriptOf, type Script } from '../script.ts';
import { nowNs } from '../stamp.ts';

// A process of its own: LiteLLM as its callers see it. Written on bare sockets, because on a machine with few cores
// the upstream must cost little beside the target; it reads a request's length and nothing else of it.

const headEnd = Buffer.from('\r\n\r\n');

const server = createServer({ noDelay: true }, (socket) => {
  new Connection(socket).listen();
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  console.log(JSON.stringify(server.address()));
});

class Connection {
  readonly #socket: Socket;
  #head: Buffer = Buffer.alloc(0);
  #requestLine = '';
  #bodyBytesLeft = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  listen(): void {
    this.#socket.on('data', (chunk) => {
      this.#take(chunk);
    });
    // A client that left: the script sees the destroyed socket.
    this.#socket.on('error', () => undefined);
  }

  #take(chunk: Buffer): void {
    let rest = chunk;
    if (this.#bodyBytesLeft === 0) {
      this.#head = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
      const end = this.#head.indexOf(headEnd);
      if (end < 0) return;
      const head = this.#head.toString('latin1', 0, end);
      rest = this.#head.subarray(end + headEnd.length);
      this.#head = Buffer.alloc(0);
      this.#requestLine = head.slice(0, head.indexOf('\r\n'));
      this.#bodyBytesLeft = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      if (/\r\ntransfer-encoding:/i.test(head)) this.#socket.destroy(new Error('only bodies with a length'));
    }
    this.#bodyBytesLeft -= rest.length;
    if (this.#bodyBytesLeft === 0) void this.#answer(scriptOf(this.#requestLine), nowNs());
  }

  async #answer(script: Script | undefined, completeAt: number): Promise<void> {
    if (script === undefined) {
      this.#answerProbe();
      return;
    }
    if (script.firstMs > 0) await sleep(script.firstMs);
    if (script.events === 0) this.#sendJson(jsonAnswer(completeAt));
    else await this.#stream(script, completeAt);
  }

  async #stream(script: Script, completeAt: number): Promise<void> {
    for (let index = 0; index <= script.events; index += 1) {
      if (index > 0 && script.gapMs > 0) await sleep(script.gapMs);
      if (this.#socket.destroyed) return;
      const piece = streamPiece(index, script.events, completeAt);
      const head = index === 0 ? streamHead : '';
      this.#socket.write(`${head}${piece.length.toString(16)}\r\n${piece}\r\n`, 'latin1');
    }
    this.#socket.write('0\r\n\r\n', 'latin1');
  }

  #answerProbe(): void {
    this.#sendJson(
      this.#requestLine.includes('/models')
        ? '{"object":"list","data":[{"id":"gpt-5.5"}]}'
        : '{"status":"healthy"}',
    );
  }

  #sendJson(body: string): void {
    this.#socket.write(`${jsonHead}content-length: ${body.length}\r\n\r\n${body}`, 'latin1');
  }
}
