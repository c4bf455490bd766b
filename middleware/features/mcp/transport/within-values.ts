import type { FetchLike } from '@modelcontextprotocol/client';
import type { SseFrame } from '../../../kernel/sse-frame.ts';
import { FrameReader } from '../../../protocol/sse/frame-reader.ts';
import { withBody } from '../bounded-fetch.ts';
import { boundedText } from './bounded-message.ts';

/** Whoever fetches bounds what comes at once. */
const noLimits = { maxEventBytes: Infinity, maxStreamBytes: Infinity };

/** Hears that a list has more in it than is used. */
type OnCut = (list: string) => void;

/** The same `fetch`, with no more values in a message than can be looked at in a short time, as it is with a process. */
export function withinValues(fetchFrom: FetchLike, onCut: OnCut): FetchLike {
  return async (url, init) => {
    const answer = await fetchFrom(url, init);
    if (answer.body === null) return answer;
    const type = answer.headers.get('content-type')?.trim().toLowerCase() ?? '';
    if (type.startsWith('text/event-stream'))
      return withBody(answer, answer.body.pipeThrough(ofFrames(onCut)));
    return type.includes('json') ? withBody(answer, answer.body.pipeThrough(ofWhole(onCut))) : answer;
  };
}

function ofFrames(onCut: OnCut): TransformStream<Uint8Array, Uint8Array> {
  const reader = new FrameReader(noLimits);
  const pass = (
    frames: readonly SseFrame[],
    controller: TransformStreamDefaultController<Uint8Array>,
  ): void => {
    for (const { raw, data, event } of frames) {
      const text = data === undefined ? undefined : boundedText(data, onCut);
      if (text === data) controller.enqueue(raw);
      else if (text !== undefined) controller.enqueue(Buffer.from(frameOf(text, event, raw)));
    }
  };
  return new TransformStream({
    transform: (chunk, controller) => {
      pass(reader.take(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)), controller);
    },
    flush: (controller) => {
      pass(reader.rest(), controller);
    },
  });
}

/** The id of an event is where a stream goes on that broke. */
function frameOf(data: string, event: string | undefined, raw: Buffer): string {
  const id = /^id:.*$/m.exec(raw.toString())?.[0];
  return [...(id === undefined ? [] : [id]), `event: ${event ?? 'message'}`, `data: ${data}`, '', ''].join(
    '\n',
  );
}

/** JSON in one piece, of a size that is bounded before. */
function ofWhole(onCut: OnCut): TransformStream<Uint8Array, Uint8Array> {
  const chunks: Uint8Array[] = [];
  return new TransformStream({
    transform: (chunk) => {
      chunks.push(chunk);
    },
    flush: (controller) => {
      const bytes = Buffer.concat(chunks);
      const given = bytes.toString();
      const text = boundedText(given, onCut);
      if (text === undefined) controller.error(new Error('it sent JSON with more in it than is read'));
      else controller.enqueue(text === given ? bytes : Buffer.from(text));
    },
  });
}
