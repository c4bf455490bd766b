import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An answer as its bytes came over the wire. */
export interface RawAnswer {
  readonly status: number;
  /** Name, value, name, value … as on the wire. */
  readonly headers: readonly string[];
  /** The body without its transfer coding. */
  readonly body: Buffer;
  /** Whether the body is whole by its own framing; a broken connection leaves it half. */
  readonly isWhole: boolean;
}

export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  /** `host`, `content-length` and `connection: close` are added. */
  readonly headers?: readonly string[];
  readonly body?: Buffer | string;
}

/** Sends one request over a connection of its own, every byte as given. */
export async function openRaw(port: number, request: RawRequest): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const body = Buffer.from(request.body ?? '');
  const lines = [`${request.method ?? 'POST'} ${request.path} HTTP/1.1`, `host: 127.0.0.1:${port}`];
  const { headers = [] } = request;
  for (let i = 0; i < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  if (body.length > 0) lines.push(`content-length: ${body.length}`);
  lines.push('connection: close', '', '');
  socket.write(Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), body]));
  return socket;
}

/** Sends a request and reads until the connection is closed. */
export async function callRaw(port: number, request: RawRequest): Promise<RawAnswer> {
  const socket = await openRaw(port, request);
  return readAnswer(socket);
}

/** Reads an answer until its connection is closed, in whatever way. */
export async function readAnswer(socket: Socket): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return parseAnswer(Buffer.concat(chunks));
}

function parseAnswer(bytes: Buffer): RawAnswer {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return { status: 0, headers: [], body: Buffer.alloc(0), isWhole: false };
  const [statusLine = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers = lines.flatMap((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const value = (name: string): string | undefined => {
    const index = headers.findIndex((entry, i) => i % 2 === 0 && entry.toLowerCase() === name);
    return index < 0 ? undefined : headers[index + 1];
  };
  const rest = bytes.subarray(end + 4);
  const framed =
    value('transfer-encoding') === 'chunked' ? dechunk(rest) : sized(rest, value('content-length'));
  return { status: Number(statusLine.split(' ')[1]), headers, ...framed };
}

function sized(rest: Buffer, length: string | undefined): Pick<RawAnswer, 'body' | 'isWhole'> {
  return { body: rest, isWhole: length === undefined || Number(length) === rest.length };
}

function dechunk(rest: Buffer): Pick<RawAnswer, 'body' | 'isWhole'> {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = rest.indexOf('\r\n', at);
    if (lineEnd < 0) return { body: Buffer.concat(parts), isWhole: false };
    const size = Number.parseInt(rest.toString('latin1', at, lineEnd), 16);
    if (size === 0) return { body: Buffer.concat(parts), isWhole: true };
    parts.push(rest.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}

/** The value of a header, its name in lower case. */
export function headerOf(headers: readonly string[], name: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) if (headers[i]?.toLowerCase() === name) return headers[i + 1];
  return undefined;
}

/** Without what belongs to one connection or to one of the two calls. */
export function comparable(
  rawHeaders: readonly string[],
  without: readonly string[] = [],
): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (['host', 'connection', 'content-length', ...without].includes(name.toLowerCase())) continue;
    pairs.push([name, rawHeaders[i + 1] ?? '']);
  }
  return pairs;
}
