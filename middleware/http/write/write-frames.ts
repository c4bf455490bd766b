import type { ServerResponse } from 'node:http';
import { asCodexPlusError, CodexPlusError } from '../../kernel/errors.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { SseFrame } from '../../kernel/sse-frame.ts';
import type { AnswerTail } from '../../protocol/answer-tail.ts';
import { breakOff } from './break-off.ts';
import type { LateHead } from './late-head.ts';
import { startKeepalive } from './keepalive-timer.ts';
import { writtenAll, writtenSoon, type OnWhole, type Written } from './written.ts';

interface FrameReply {
  readonly frames: AsyncIterable<SseFrame>;
  readonly exchange: Exchange;
  readonly head: LateHead;
  readonly tail: AnswerTail;
  readonly keepaliveMs: number;
  readonly onWhole: OnWhole | undefined;
}

/**
 * Writes the frames of an event stream, the next one when the client has taken the last. Never rejects. What the frames
 * throw, or an end without a terminal event, becomes the error frame of the client's API.
 */
export async function writeFrames(res: ServerResponse, reply: FrameReply): Promise<Written> {
  const { frames, exchange, head, tail, keepaliveMs, onWhole } = reply;
  const closed = new Promise<void>((resolve) => res.once('close', resolve));
  const keepalive = startKeepalive({ res, exchange, afterMs: keepaliveMs, isAtBoundary: () => head.isOut });
  let bytesOut = 0;
  // A head whose first event is still to come must not wait for it.
  const flush = setImmediate(() => {
    if (bytesOut === 0 && !res.writableEnded && !res.destroyed) head.flush();
  });
  let firstByteAt: number | undefined;
  let error: CodexPlusError | undefined;
  const settle = (size = bytesOut): void => {
    bytesOut = size;
    onWhole?.(writtenSoon(res, tail, { bytesOut, firstByteAt, error }));
  };
  // No frame waits for being looked at, unless somebody has to know of the end before it goes out.
  const lookAhead =
    onWhole &&
    ((raw: Buffer): void => {
      tail.feedFrame(raw);
      if (tail.isOver()) settle();
    });
  try {
    for await (const { raw } of frames) {
      if (res.destroyed) break;
      head.send();
      lookAhead?.(raw);
      // Node corks the socket until the microtasks have run, so what is ready together goes out in one write.
      const keepsUp = res.write(raw);
      firstByteAt ??= performance.now();
      bytesOut += raw.length;
      keepalive?.refresh();
      if (lookAhead === undefined) tail.feedFrame(raw);
      if (!keepsUp) await drainedOrClosed(res, closed);
    }
    if (!tail.isComplete()) {
      throw new CodexPlusError('stream_incomplete', 'the upstream ended its answer before it was complete');
    }
    head.send();
    settle();
    res.end();
  } catch (thrown) {
    // The client left first, and our own abort is what broke the answer.
    if (!res.destroyed) {
      error = asCodexPlusError(thrown);
      breakOff(res, error, { exchange, head, tail, settle });
    }
  } finally {
    clearInterval(keepalive);
    clearImmediate(flush);
  }
  await closed;
  return writtenAll(res, tail, { bytesOut, firstByteAt, error });
}

function drainedOrClosed(res: ServerResponse, closed: Promise<void>): Promise<void> {
  const drained = new Promise<void>((resolve) => res.once('drain', resolve));
  return Promise.race([drained, closed]);
}
