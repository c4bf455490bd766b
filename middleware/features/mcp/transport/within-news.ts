import type { FetchLike } from '@modelcontextprotocol/client';
import { countTextValues } from '../../../kernel/bounds/has-text-more-values.ts';
import type { SseFrame } from '../../../kernel/sse-frame.ts';
import { FrameReader } from '../../../protocol/sse/frame-reader.ts';
import { withBody } from '../bounded-fetch.ts';
import { fewValues, headOf } from './bounded-message.ts';
import { changes, maxUnasked, maxUnaskedValues, PerSecond } from './per-second.ts';

/** Of the answers in one stream, which has one of them, or a few. */
const maxAnswerValues = 500_000;
/** What it takes to look at an answer, however little is in it. */
const answerValues = 100;

/** Whoever fetches bounds what comes at once. */
const noLimits = { maxEventBytes: Infinity, maxStreamBytes: Infinity };

/**
 * The same `fetch`, with no more events, and values in them, in a second than anybody can read: of more the news are left out, as they are of a process. `now`: a
 * clock that only goes forward, in milliseconds.
 */
export function withinNews(fetchFrom: FetchLike, now: () => number): FetchLike {
  const events: Bounds = {
    messages: new PerSecond(maxUnasked, now),
    values: new PerSecond(maxUnaskedValues, now),
    others: new PerSecond(maxUnasked, now),
  };
  return async (url, init) => {
    const answer = await fetchFrom(url, init);
    const isStream = answer.headers.get('content-type')?.trim().toLowerCase().startsWith('text/event-stream');
    return answer.body === null || isStream !== true
      ? answer
      : withBody(answer, answer.body.pipeThrough(calmed(events, new PerSecond(maxAnswerValues, now))));
  };
}

interface Bounds {
  readonly messages: PerSecond;
  readonly values: PerSecond;
  /** Comments, which keep a stream open, and what else is no message. */
  readonly others: PerSecond;
}

/** Of a message: what it asks, and who waits for the answer. */
interface MessageHead {
  readonly id: unknown;
  readonly method: string;
}

function countOther(others: PerSecond): void {
  if (!others.take())
    throw new Error(`it sent more than ${maxUnasked} events in a second that are no messages`);
}

function countAnswer(answers: PerSecond, count: number): void {
  if (!answers.take(count + answerValues))
    throw new Error(`it answered more than ${maxAnswerValues} values in a second`);
}

function calmed(
  { messages, values, others }: Bounds,
  answers: PerSecond,
): TransformStream<Uint8Array, Uint8Array> {
  const reader = new FrameReader(noLimits);
  /** Changes that came too often, by their methods; told when the second is over. */
  const due = new Map<string, SseFrame>();
  let timer: NodeJS.Timeout | undefined;
  const tellDue = (controller: TransformStreamDefaultController<Uint8Array>): void => {
    clearTimeout(timer);
    timer = undefined;
    for (const { raw } of due.values()) controller.enqueue(raw);
    due.clear();
  };
  /** What is news, and more than may be told; throws for what is no news. */
  const leaveOut = (frame: SseFrame, { id, method }: MessageHead, bound: string): void => {
    if (id !== undefined) throw new Error(`it asked more than ${bound} in a second`);
    if (changes.has(method)) due.set(method, frame);
  };
  const mayPass = (frame: SseFrame): boolean => {
    const { data } = frame;
    if (data === undefined) {
      countOther(others);
      return true;
    }
    const count = countTextValues(data, maxAnswerValues);
    const isWithin = messages.take();
    if (isWithin && count <= fewValues && values.take(count)) return true;
    // Without a parse, which takes long where they are many.
    const { id, method } = headOf(data);
    if (typeof method !== 'string') {
      if (id === undefined) countOther(others);
      countAnswer(answers, count);
      return true;
    }
    if (isWithin && count > fewValues && values.take(count)) return true;
    leaveOut(frame, { id, method }, isWithin ? `${maxUnaskedValues} values` : `${maxUnasked} things`);
    return false;
  };
  return new TransformStream({
    transform: (chunk, controller) => {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const passed = reader.take(bytes).filter(mayPass);
      if (passed.length > 0) controller.enqueue(Buffer.concat(passed.map(({ raw }) => raw)));
      if (due.size > 0)
        timer ??= setTimeout(() => {
          tellDue(controller);
        }, 1_000).unref();
    },
    flush: (controller) => {
      tellDue(controller);
      for (const { raw } of reader.rest()) controller.enqueue(raw);
    },
    cancel: () => {
      clearTimeout(timer);
    },
  });
}
