import type { FetchLike } from '@modelcontextprotocol/client';
import type { CheckedConnections } from '../../platform/network/checked-connections.ts';

/** Of one message; what is larger is broken off. */
const maxMessageBytes = 10 * 1024 * 1024;

/** `fetch` for a server that is not ours: what comes without an end is broken off. */
export function boundedFetchOver(connections: CheckedConnections): FetchLike {
  return async (url, init) => {
    const answer = await fetch(url, { ...init, ...connections.optionsFor(new URL(url)) });
    const isStream = answer.headers.get('content-type')?.trim().toLowerCase().startsWith('text/event-stream');
    return boundedAnswer(answer, maxMessageBytes, isStream === true ? sizeOfEvent() : sizeOfAll);
  };
}

function sizeOfAll(size: number, bytes: Buffer): number {
  return size + bytes.length;
}

/** Counts anew from an empty line on, which ends an event of a stream, and may come in two pieces. */
function sizeOfEvent(): (size: number, bytes: Buffer) => number {
  let before: Buffer = Buffer.alloc(0);
  return (size, bytes) => {
    const seen = before.length === 0 ? bytes : Buffer.concat([before, bytes]);
    before = Buffer.from(seen.subarray(-3));
    const ends = ['\n\n', '\r\r', '\r\n\r\n'].map((end) => seen.lastIndexOf(end));
    const end = Math.max(...ends);
    return end === -1 ? size + bytes.length : Math.min(seen.length - end, size + bytes.length);
  };
}

/** The same answer, which breaks off where it is larger, as it is counted, than it may be. */
export function boundedAnswer(
  answer: Response,
  maxBytes: number,
  sizeAfter: (size: number, bytes: Buffer) => number,
): Response {
  if (answer.body === null) return answer;
  let size = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      size = sizeAfter(size, Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
      if (size > maxBytes) controller.error(new Error(`it sent more than ${maxBytes} bytes at once`));
      else controller.enqueue(chunk);
    },
  });
  return withBody(answer, answer.body.pipeThrough(counted));
}

/** An answer with another body. */
export function withBody(answer: Response, body: ReadableStream<Uint8Array>): Response {
  const { status, statusText, headers } = answer;
  const other = new Response(body, { status, statusText, headers });
  // Whoever follows redirects goes by the address.
  Object.defineProperty(other, 'url', { value: answer.url });
  return other;
}
