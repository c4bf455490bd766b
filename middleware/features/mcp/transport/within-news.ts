import type { FetchLike } from '@modelcontextprotocol/client';
import { parseJsonObject, type JsonObject } from '../../../kernel/json-object.ts';
import type { SseFrame } from '../../../kernel/sse-frame.ts';
import { FrameReader } from '../../../protocol/sse/frame-reader.ts';
import { withBody } from '../bounded-fetch.ts';
import { changes, maxUnasked, PerSecond } from './per-second.ts';

/** Whoever fetches bounds what comes at once. */
const noLimits = { maxEventBytes: Infinity, maxStreamBytes: Infinity };

/**
 * The same `fetch`, with no more events in a second than anybody can read: of more the news are left out, as they are of a process. `now`: a
 * clock that only goes forward, in milliseconds.
 */
export function withinNews(fetchFrom: FetchLike, now: () => number): FetchLike {
  const events = new PerSecond(maxUnasked, now);
  return async (url, init) => {
    const answer = await fetchFrom(url, init);
    const isStream = answer.headers.get('content-type')?.trim().toLowerCase().startsWith('text/event-stream');
    return answer.body === null || isStream !== true
      ? answer
      : withBody(answer, answer.body.pipeThrough(calmed(events)));
  };
}

function calmed(events: PerSecond): TransformStream<Uint8Array, Uint8Array> {
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
  const mayPass = (frame: SseFrame): boolean => {
    if (frame.data === undefined || events.take()) return true;
    const found = parseJsonObject(frame.data);
    const method = found?.['method'];
    if (found === undefined || typeof method !== 'string') return true;
    if (!isNews(found)) throw new Error(`it asked more than ${maxUnasked} things in a second`);
    if (changes.has(method)) due.set(method, frame);
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

function isNews({ id }: JsonObject): boolean {
  return id === undefined;
}
