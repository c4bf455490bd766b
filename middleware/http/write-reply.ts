import type { ServerResponse } from 'node:http';
import type { ByteSink, ByteStream } from '../kernel/byte-stream.ts';
import { asCodexPlusError, CodexPlusError } from '../kernel/errors.ts';
import type { Exchange } from '../kernel/exchange.ts';
import type { Reply } from '../kernel/reply.ts';
import { localHeadOf } from '../pipeline/tool-calls/local-head.ts';
import { createAnswerTail, type AnswerTail } from '../protocol/answer-tail.ts';
import { errorFrames } from '../protocol/error-reply.ts';
import { startKeepalive } from './keepalive-timer.ts';
import { writeFrames } from './write-frames.ts';
import { endingOf, type Written } from './written.ts';

/**
 * Sends a reply with the client's pace passed on to its source, and resolves when the connection has taken it or is gone.
 * Never rejects. A client that leaves cancels the source. A source that breaks off ends an event stream with an error frame
 * where one fits, and the connection where none does: never politely.
 */
export function writeReply(
  res: ServerResponse,
  reply: Reply,
  exchange: Exchange,
  keepaliveMs: number,
): Promise<Written> {
  const { status, statusMessage, headers, body } = reply;
  // What the upstream did not say is not added: no `date` of ours.
  res.sendDate = body.kind === 'bytes';
  if (res.destroyed) {
    if (body.kind === 'stream') body.stream.cancel();
    return Promise.resolve(nothingWritten());
  }
  res.writeHead(status, statusMessage, headers as string[]);
  const tail = createAnswerTail(exchange.request.api, status, headers);
  switch (body.kind) {
    case 'bytes':
      return writeBytes(res, body.bytes, tail);
    case 'stream':
      return new StreamWriter(res, exchange, tail, keepaliveMs).write(body.stream);
    case 'frames':
      return writeFrames(res, { frames: body.frames, exchange, tail, keepaliveMs });
  }
}

function writeBytes(res: ServerResponse, bytes: Buffer, tail: AnswerTail): Promise<Written> {
  res.end(bytes);
  const firstByteAt = performance.now();
  tail.feed(bytes);
  return new Promise((resolve) => {
    res.once('close', () => {
      resolve({
        ending: endingOf(res, tail, undefined),
        bytesOut: bytes.length,
        firstByteAt,
        usage: tail.usage(),
        error: undefined,
      });
    });
  });
}

function nothingWritten(): Written {
  return { ending: 'client-left', bytesOut: 0, firstByteAt: undefined, usage: undefined, error: undefined };
}

class StreamWriter implements ByteSink {
  readonly #res: ServerResponse;
  readonly #exchange: Exchange;
  readonly #tail: AnswerTail;
  readonly #keepalive: NodeJS.Timeout | undefined;
  #bytesOut = 0;
  #firstByteAt: number | undefined;
  #error: CodexPlusError | undefined;

  constructor(res: ServerResponse, exchange: Exchange, tail: AnswerTail, keepaliveMs: number) {
    this.#res = res;
    this.#exchange = exchange;
    this.#tail = tail;
    this.#keepalive = tail.isEventStream
      ? startKeepalive({ res, exchange, afterMs: keepaliveMs, isAtBoundary: () => tail.isAtBoundary() })
      : undefined;
  }

  write(stream: ByteStream): Promise<Written> {
    const res = this.#res;
    res.on('drain', () => {
      stream.resume();
    });
    const over = new Promise<Written>((resolve) => {
      res.once('close', () => {
        clearInterval(this.#keepalive);
        stream.cancel();
        resolve(this.#written());
      });
    });
    stream.deliver(this);
    // A head whose first event is still to come must not wait for it.
    if (this.#bytesOut === 0 && !res.writableEnded) setImmediate(this.#flushHead);
    return over;
  }

  readonly data = (chunk: Buffer): boolean => {
    const keepsUp = this.#res.write(chunk);
    if (this.#bytesOut === 0) this.#firstByteAt = performance.now();
    this.#bytesOut += chunk.length;
    this.#keepalive?.refresh();
    this.#tail.feed(chunk);
    return keepsUp;
  };

  readonly end = (): void => {
    if (this.#tail.isComplete()) {
      this.#res.end();
      return;
    }
    this.#breakOff(
      new CodexPlusError('stream_incomplete', 'the upstream ended its answer before it was complete'),
    );
  };

  readonly fail = (error: Error): void => {
    // The client left first, and our own abort is what broke the answer.
    if (this.#res.destroyed) return;
    this.#breakOff(asCodexPlusError(error));
  };

  readonly #flushHead = (): void => {
    if (this.#bytesOut === 0 && !this.#res.writableEnded && !this.#res.destroyed) this.#res.flushHeaders();
  };

  #breakOff(error: CodexPlusError): void {
    this.#error = error;
    if (this.#tail.isEventStream && this.#tail.isAtBoundary()) {
      const { api } = this.#exchange.request;
      const stream = { api, sent: this.#tail.sent(), head: localHeadOf(this.#exchange) };
      this.#res.end(errorFrames(error, stream));
    } else {
      // Half a frame or half a JSON text was sent: only a broken connection tells the client so.
      this.#res.destroy();
    }
  }

  #written(): Written {
    return {
      ending: endingOf(this.#res, this.#tail, this.#error),
      bytesOut: this.#bytesOut,
      firstByteAt: this.#firstByteAt,
      usage: this.#tail.usage(),
      error: this.#error,
    };
  }
}
