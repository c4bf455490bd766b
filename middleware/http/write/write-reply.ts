import type { ServerResponse } from 'node:http';
import type { ByteSink, ByteStream } from '../../kernel/byte-stream.ts';
import { asCodexPlusError, CodexPlusError } from '../../kernel/errors.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import { headerValue, withoutHeaders, type RawHeaders } from '../../kernel/headers.ts';
import type { Reply, ReplyBody } from '../../kernel/reply.ts';
import { createAnswerTail, type AnswerTail } from '../../protocol/answer-tail.ts';
import { errorReply } from '../../protocol/error-reply.ts';
import { breakOff } from './break-off.ts';
import { endAnswer } from './end-answer.ts';
import { startKeepalive } from './keepalive-timer.ts';
import { LateHead } from './late-head.ts';
import { writeFrames } from './write-frames.ts';
import { writeHead } from './write-head.ts';
import {
  clientLeftStatus,
  writtenAll,
  writtenSoon,
  type OnWhole,
  type Progress,
  type Written,
} from './written.ts';

interface WriteOptions {
  readonly keepaliveMs: number;
  readonly onWhole?: OnWhole | undefined;
}

/**
 * Sends a reply with the client's pace passed on to its source, and resolves when the connection has taken it or is gone.
 * A client that leaves cancels the source. A source that breaks off ends an event stream with an error frame where one fits,
 * and the connection where none does: never politely. `onWhole` is told what the reply will come to before its client has all of it.
 */
export function writeReply(
  res: ServerResponse,
  reply: Reply,
  exchange: Exchange,
  { keepaliveMs, onWhole }: WriteOptions,
): Promise<Written> {
  const { status, headers, body } = reply;
  // What the upstream did not say is not added: no `date` of ours.
  res.sendDate = body.kind === 'bytes';
  if (res.destroyed || res.headersSent) {
    giveUp(body);
    return Promise.resolve(nothingWritten(res));
  }
  const tail = createAnswerTail(exchange.request.api, status, headers);
  let head: LateHead;
  try {
    const sent = tail.isEventStream ? { ...reply, headers: withoutLength(headers) } : reply;
    head = new LateHead(res, sent, exchange);
  } catch (thrown) {
    giveUp(body);
    return writeError(res, asCodexPlusError(thrown), exchange);
  }
  switch (body.kind) {
    case 'bytes':
      head.send();
      return writeBytes(res, body.bytes, { tail, onWhole });
    case 'stream':
      return new StreamWriter(res, {
        ...{ exchange, head, tail, keepaliveMs, onWhole },
        length: Number(headerValue(headers, 'content-length') ?? NaN),
      }).write(body.stream);
    case 'frames':
      return writeFrames(res, { frames: body.frames, exchange, head, tail, keepaliveMs, onWhole });
  }
}

const lengthHeaders = new Set(['content-length']);

/** A stream that is not whole gets a frame more than its upstream announced, and keepalives are more as well. */
function withoutLength(headers: RawHeaders): RawHeaders {
  return headerValue(headers, 'content-length') === undefined
    ? headers
    : withoutHeaders(headers, lengthHeaders);
}

/** Frames end by themselves when the exchange's signal aborts. */
function giveUp(body: ReplyBody): void {
  if (body.kind === 'stream') body.stream.cancel();
}

async function writeError(res: ServerResponse, error: CodexPlusError, exchange: Exchange): Promise<Written> {
  const { id, client, request } = exchange;
  const { body, ...head } = errorReply(error, { client, api: request.api, requestId: id });
  writeHead(res, head);
  const tail = createAnswerTail(request.api, head.status, head.headers);
  const written = await writeBytes(res, body.bytes, { tail, onWhole: undefined });
  return { ...written, error };
}

async function writeBytes(
  res: ServerResponse,
  bytes: Buffer,
  { tail, onWhole }: { readonly tail: AnswerTail; readonly onWhole: OnWhole | undefined },
): Promise<Written> {
  const closed = new Promise<void>((resolve) => res.once('close', resolve));
  tail.feed(bytes);
  const progress = { bytesOut: bytes.length, firstByteAt: performance.now(), error: undefined };
  onWhole?.(writtenSoon(res, tail, progress));
  endAnswer(res, bytes);
  await closed;
  return writtenAll(res, tail, progress);
}

/** The client left, or whoever ended this exchange has answered it already. */
function nothingWritten(res: ServerResponse): Written {
  return {
    ending: 'client-left',
    status: res.headersSent ? res.statusCode : clientLeftStatus,
    bytesOut: 0,
    firstByteAt: undefined,
    usage: undefined,
    error: undefined,
  };
}

interface StreamWriterOptions {
  readonly exchange: Exchange;
  readonly head: LateHead;
  readonly tail: AnswerTail;
  readonly keepaliveMs: number;
  readonly onWhole: OnWhole | undefined;
  /** Of all of the answer; NaN where its head does not say. */
  readonly length: number;
}

/**
 * The sink that an answer's stream is pushed into. What its methods throw would go to whoever pushes, a socket's event for
 * example: they end the answer instead.
 */
class StreamWriter implements ByteSink {
  readonly #res: ServerResponse;
  readonly #exchange: Exchange;
  readonly #head: LateHead;
  readonly #tail: AnswerTail;
  readonly #keepalive: NodeJS.Timeout | undefined;
  readonly #onWhole: OnWhole | undefined;
  readonly #length: number;
  #bytesOut = 0;
  #firstByteAt: number | undefined;
  #error: CodexPlusError | undefined;

  constructor(res: ServerResponse, options: StreamWriterOptions) {
    const { exchange, head, tail, keepaliveMs, onWhole, length } = options;
    this.#res = res;
    this.#onWhole = onWhole;
    this.#length = length;
    this.#exchange = exchange;
    this.#head = head;
    this.#tail = tail;
    this.#keepalive = tail.isEventStream
      ? startKeepalive({
          res,
          exchange,
          afterMs: keepaliveMs,
          isAtBoundary: () => head.isOut && tail.isAtBoundary(),
        })
      : undefined;
  }

  async write(stream: ByteStream): Promise<Written> {
    const res = this.#res;
    const closed = new Promise<void>((resolve) => res.once('close', resolve));
    res.on('drain', () => {
      try {
        stream.resume();
      } catch (fault) {
        this.#collapse(fault);
      }
    });
    try {
      stream.deliver(this);
    } catch (fault) {
      this.#collapse(fault);
    }
    // A head whose first event is still to come must not wait for it.
    if (this.#bytesOut === 0 && !res.writableEnded) setImmediate(this.#flushHead);
    await closed;
    clearInterval(this.#keepalive);
    stream.cancel();
    return writtenAll(this.#res, this.#tail, this.#progress());
  }

  readonly data = (chunk: Buffer): boolean => {
    try {
      // No byte waits for being looked at, unless somebody has to know of the end before it goes out.
      const isAwaited = this.#onWhole !== undefined;
      if (this.#bytesOut === 0) this.#head.send();
      if (isAwaited) this.#lookAhead(chunk);
      const keepsUp = this.#res.write(chunk);
      if (this.#bytesOut === 0) this.#firstByteAt = performance.now();
      this.#bytesOut += chunk.length;
      this.#keepalive?.refresh();
      if (!isAwaited) this.#tail.feed(chunk);
      return keepsUp;
    } catch (fault) {
      this.#collapse(fault);
      return false;
    }
  };

  readonly end = (): void => {
    try {
      if (!this.#tail.isComplete()) {
        this.#breakOff(incomplete());
        return;
      }
      this.#head.send();
      this.#settle();
      this.#res.end();
    } catch (fault) {
      this.#collapse(fault);
    }
  };

  readonly fail = (error: Error): void => {
    // The client left first, and our own abort is what broke the answer.
    if (this.#res.destroyed) return;
    this.#breakOff(asCodexPlusError(error));
  };

  readonly #flushHead = (): void => {
    if (this.#bytesOut === 0 && !this.#res.writableEnded && !this.#res.destroyed) this.#head.flush();
  };

  /** What the client has may be anything now, so nothing more is said in it. */
  #collapse(fault: unknown): void {
    this.#error ??= asCodexPlusError(fault);
    this.#res.destroy();
  }

  #breakOff(error: CodexPlusError): void {
    this.#error ??= error;
    breakOff(this.#res, error, {
      ...{ exchange: this.#exchange, head: this.#head, tail: this.#tail },
      settle: (bytesOut = this.#bytesOut) => {
        this.#bytesOut = bytesOut;
        this.#settle();
      },
    });
  }

  #lookAhead(chunk: Buffer): void {
    this.#tail.feed(chunk);
    if (this.#tail.isOver() || this.#bytesOut + chunk.length === this.#length) this.#settle();
  }

  #settle(): void {
    this.#onWhole?.(writtenSoon(this.#res, this.#tail, this.#progress()));
  }

  #progress(): Progress {
    return { bytesOut: this.#bytesOut, firstByteAt: this.#firstByteAt, error: this.#error };
  }
}

function incomplete(): CodexPlusError {
  return new CodexPlusError('stream_incomplete', 'the upstream ended its answer before it was complete');
}
