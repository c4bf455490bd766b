import type { FetchLike } from '@modelcontextprotocol/client';

/** Of one message; what is larger is broken off. */
const maxMessageBytes = 10 * 1024 * 1024;

/** `fetch` for servers that are not ours: what comes without an end is broken off. */
export const boundedFetch: FetchLike = async (url, init) =>
  boundedAnswer(await fetch(url, init), maxMessageBytes, sizeInMessage);

/** Counts anew from an empty line on, which ends an event of a stream. */
function sizeInMessage(size: number, bytes: Buffer): number {
  const end = Math.max(bytes.lastIndexOf('\n\n'), bytes.lastIndexOf('\r\n\r\n'));
  return end === -1 ? size + bytes.length : bytes.length - end;
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
  const { status, statusText, headers } = answer;
  const bounded = new Response(answer.body.pipeThrough(counted), { status, statusText, headers });
  // Whoever follows redirects goes by the address.
  Object.defineProperty(bounded, 'url', { value: answer.url });
  return bounded;
}
