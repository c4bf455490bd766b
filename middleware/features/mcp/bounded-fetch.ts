import type { FetchLike } from '@modelcontextprotocol/client';

/** Of one message; what is larger is broken off. */
const maxMessageBytes = 10 * 1024 * 1024;

/** `fetch` for servers that are not ours: what comes without an end is broken off. */
export const boundedFetch: FetchLike = async (url, init) => {
  const answer = await fetch(url, init);
  if (answer.body === null) return answer;
  const { status, statusText, headers } = answer;
  const body = answer.body.pipeThrough(boundedMessages());
  const bounded = new Response(body, { status, statusText, headers });
  // Whoever follows redirects goes by the address.
  Object.defineProperty(bounded, 'url', { value: answer.url });
  return bounded;
};

/**
 * Passes bytes on until more of them come without an empty line, which ends an event of a stream, than a message
 * may have.
 */
function boundedMessages(): TransformStream<Uint8Array, Uint8Array> {
  let size = 0;
  return new TransformStream({
    transform: (chunk, controller) => {
      const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      const end = Math.max(bytes.lastIndexOf('\n\n'), bytes.lastIndexOf('\r\n\r\n'));
      size = end === -1 ? size + bytes.length : bytes.length - end;
      if (size > maxMessageBytes)
        controller.error(new Error(`it sent more than ${maxMessageBytes} bytes at once`));
      else controller.enqueue(chunk);
    },
  });
}
