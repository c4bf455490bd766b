import type { ServerResponse } from 'node:http';
import type { ByteSink, ByteStream } from '../kernel/byte-stream.ts';
import { asCodexPlusError, CodexPlusError } from '../kernel/errors.ts';
import type { Exchange } from '../kernel/exchange.ts';
import { headerValue } from '../kernel/headers.ts';
import type { Ending, Usage } from '../kernel/outcome.ts';
import type { Reply } from '../kernel/reply.ts';
import { createAnswerTail, type AnswerTail } from '../protocol/answer-tail.ts';
import { errorFrame } from '../protocol/error-reply.ts';
import { keepaliveFrame } from '../protocol/keepalive.ts';

/** What became of a reply on its way to the client. */
export interface Written {
  readonly ending: Exclude<Ending, 'local'>;
  readonly bytesOut: number;
  /** `performance.now()` at the first byte of the body. */
  readonly firstByteAt: number | undefined;
  readonly usage: Usage | undefined;
  readonly error: CodexPlusError | undefined;
}

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
  // What the upstream did not say is not added: no `date` of ours.
  res.sendDate = reply.body.kind === 'bytes';
  if (res.destroyed) {
    if (reply.body.kind === 'stream') reply.body.stream.cancel();
    return Promise.resolve(nothingWritten());
  }
  res.writeHead(reply.status, reply.statusMessage, reply.headers as string[]);
  if (reply.body.kind === 'stream')
    return new StreamWriter(res, reply, exchange, keepaliveMs).write(reply.body.stream);
  const { bytes } = reply.body;
  res.end(bytes);
  const firstByteAt = performance.now();
  return new Promise((resolve) => {
    res.once('close', () => {
      resolve({
        ending: res.writableFinished ? 'completed' : 'client-left',
        bytesOut: bytes.length,
        firstByteAt,
        usage: undefined,
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
  readonly #isEventStream: boolean;
  readonly #keepalive: NodeJS.Timeout | undefined;
  #bytesOut = 0;
  #firstByteAt: number | undefined;
  #error: CodexPlusError | undefined;

  constructor(res: ServerResponse, reply: Reply, exchange: Exchange, keepaliveMs: number) {
    this.#res = res;
    this.#exchange = exchange;
    this.#tail = createAnswerTail(exchange.request.api, reply.status, reply.headers);
    this.#isEventStream = this.#tail.isEventStream;
    if (
      this.#isEventStream &&
      keepaliveMs > 0 &&
      headerValue(exchange.request.headers, 'x-no-keepalive') !== '1'
    ) {
      this.#keepalive = setInterval(this.#writeKeepalive, keepaliveMs);
    }
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

  readonly #writeKeepalive = (): void => {
    if (this.#tail.isAtBoundary() && this.#res.writableLength === 0) {
      this.#res.write(keepaliveFrame(this.#exchange.client, this.#exchange.request.api));
    }
  };

  #breakOff(error: CodexPlusError): void {
    this.#error = error;
    if (this.#isEventStream && this.#tail.isAtBoundary()) {
      this.#res.end(errorFrame(error, this.#exchange.request.api));
    } else {
      // Half a frame or half a JSON text was sent: only a broken connection tells the client so.
      this.#res.destroy();
    }
  }

  #written(): Written {
    return {
      ending: this.#ending(),
      bytesOut: this.#bytesOut,
      firstByteAt: this.#firstByteAt,
      usage: this.#tail.usage(),
      error: this.#error,
    };
  }

  #ending(): Written['ending'] {
    if (this.#error !== undefined) return 'upstream-broke';
    return this.#res.writableFinished ? 'completed' : 'client-left';
  }
}
