import type { UpstreamCall } from '../transport.ts';

const name = /^[\w!#$%&'*+\-.^`|~]+$/;
/** Line ends and other control characters, and what is no byte. */
const notOfValue = /[^\t\x20-\x7e\x80-\xff]/;

/** Headers that decide where a request ends and what its connection is; a second one could say otherwise. */
const ofTransport = new Set([
  ...['connection', 'content-length', 'expect', 'host', 'keep-alive', 'transfer-encoding', 'upgrade'],
]);

/** Methods of which a server expects a body: without one they say that it is empty (RFC 9110 §8.6). */
export const methodsWithBody: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH']);

/** A request's head as it goes out, each character a byte. Throws for a header that would end in more than itself. */
export function requestHead({ method, url, headers, body }: UpstreamCall): string {
  if (!name.test(method)) throw new InvalidHeader('the method is none');
  let head = `${method} ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\nconnection: keep-alive\r\n`;
  for (let i = 0; i < headers.length; i += 2) {
    const header = headers[i] ?? '';
    const value = headers[i + 1] ?? '';
    if (!name.test(header) || ofTransport.has(header.toLowerCase()))
      throw new InvalidHeader('a header has a name that it may not have');
    if (notOfValue.test(value))
      throw new InvalidHeader(`the header ${header} has a character that it may not have`);
    head += `${header}: ${value}\r\n`;
  }
  if (body.length > 0 || methodsWithBody.has(method)) head += `content-length: ${body.length}\r\n`;
  return `${head}\r\n`;
}

class InvalidHeader extends Error {
  readonly code = 'ERR_INVALID_CHAR';
}
