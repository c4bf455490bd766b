import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { expectNothingHeld, heldBytes } from '../../support/expect-nothing-held.ts';
import { holds } from '../../support/fuzz.ts';
import { callRaw } from '../../support/raw-client.ts';

const path = fc.constantFrom(
  '/v1/responses',
  '/v1/chat/completions',
  '/v1/messages',
  '/v1/files',
  '/v1/models/x',
);
const answerBody = fc.constantFrom(
  ...['{}', '[]', 'null', '5\r\nhello\r\n0\r\n\r\n', 'data: {"type":"response.completed"}\n\n', 'data: \n\n'],
  ...[
    'data: [DONE]\n\n',
    'data: {"choices":[{"delta":{"tool_calls":[{}]}}]}\n\n',
    'event: error\ndata: x\n\n',
  ],
  ...['\r', '\n', '\0', 'data: \xff', '\xc3'],
);
const framings = ['length', 'chunks', 'close'] as const;
const wellFormed = fc.record({
  status: fc.constantFrom(200, 200, 200, 201, 400, 404, 429, 500, 503),
  type: fc.constantFrom(
    'text/event-stream',
    'text/event-stream; charset=utf-8',
    'application/json',
    'text/plain',
  ),
  pieces: fc.array(
    fc.oneof(
      answerBody,
      fc.constantFrom('data: {"type":"response.created","response":{"id":"r"}}\n\n', ': c\n\n'),
    ),
    { maxLength: 5 },
  ),
  framing: fc.constantFrom(...framings),
});

function headOf(status: number, type: string, framing: (typeof framings)[number], bytes: number): string {
  const frame = {
    length: `content-length: ${bytes}\r\n`,
    chunks: 'transfer-encoding: chunked\r\n',
    close: '',
  };
  return `HTTP/1.1 ${status} X\r\ncontent-type: ${type}\r\n${frame[framing]}connection: close\r\n\r\n`;
}

function framed(bytes: Buffer, framing: (typeof framings)[number]): Buffer {
  if (framing !== 'chunks') return bytes;
  const half = Math.floor(bytes.length / 2);
  const chunks = [bytes.subarray(0, half), bytes.subarray(half)].filter(({ length }) => length > 0);
  return Buffer.concat([
    ...chunks.flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)}\r\n`),
      chunk,
      Buffer.from('\r\n'),
    ]),
    Buffer.from('0\r\n\r\n'),
  ]);
}

/** A path of no model call. */
function isOther(to: string): boolean {
  return to.startsWith('/v1/files') || to.startsWith('/v1/models');
}

function endsFrame(bytes: Buffer): boolean {
  return bytes.length === 0 || /(?:\r\n|\r(?!\n)|\n)(?:\r\n|\r|\n)$/.test(bytes.toString('latin1'));
}

type Got = Awaited<ReturnType<typeof callRaw>>;

/** Nothing of ours fits behind half a frame: the connection is broken, with what had gone out by then. */
function isBrokenOff(got: Got, sent: Buffer): boolean {
  if (got.isWhole) return false;
  expect(sent.subarray(0, got.body.length).equals(got.body)).toBe(true);
  expect(endsFrame(sent)).toBe(false);
  return true;
}

/** What LiteLLM says of other requests than model calls is told anew, unless it has the form of the API. */
function expectToldAnew(got: Got): void {
  expect([got.status >= 400, got.isWhole]).toEqual([true, true]);
  expect(JSON.parse(got.body.toString())).toMatchObject({ error: { message: expect.any(String) } });
}

/** What stands behind an answer that came as it is: an error of the API where it was not whole. */
function expectErrorBehind(got: Got, sent: Buffer, isWatched: boolean): void {
  const added = got.body.subarray(sent.length).toString();
  expect(got.isWhole).toBe(true);
  if (!isWatched) expect(added).toBe('');
  if (added === '') return;
  expect(added).toMatch(/^(?:event: .*\n)?data: \{.*\}\n\n/);
  expect(added).toContain('"error":{');
  for (const one of added.matchAll(/^data: (\{.*)$/gm)) JSON.parse(one[1] ?? '');
}

/** Whether an answer to a model call became a failure, which it may where nothing of a model's stands in it. */
function isTakenForNothing(
  got: Got,
  {
    sent,
    status,
    isWatched,
  }: { readonly sent: Buffer; readonly status: number; readonly isWatched: boolean },
): boolean {
  if (got.status === status && got.body.subarray(0, sent.length).equals(sent)) return false;
  if (got.status === status) expect(isWatched).toBe(true);
  else {
    expect([got.status, got.isWhole]).toEqual([502, true]);
    expect(JSON.parse(got.body.toString())).toMatchObject({ error: { message: expect.any(String) } });
  }
  // The end of a stream that says nothing does not go out, an error in its place.
  expect(got.body.toString()).toContain('"error":{');
  expect(isWatched && sent.includes('"choices"')).toBe(false);
  return true;
}

describe('an answer that is well formed', () => {
  let upstream: Server;
  let next = Buffer.alloc(0);
  let middleware: ComposedMiddleware;
  const sockets = new Set<Socket>();
  beforeAll(async () => {
    upstream = createServer((socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
      socket.once('data', () => {
        socket.end(next);
      });
    });
    upstream.listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    const { port } = upstream.address() as AddressInfo;
    middleware = await composeMiddleware(`http://127.0.0.1:${port}`, {
      CODEX_PLUS_KEEPALIVE_MS: '0',
      CODEX_PLUS_BREAKER_FAILURES: '1000000',
      CODEX_PLUS_MAX_BODY_BYTES: String(heldBytes),
      CODEX_PLUS_MAX_BODY_BYTES_IN_FLIGHT: String(heldBytes),
    });
  });
  afterAll(async () => {
    await (middleware as ComposedMiddleware | undefined)?.close();
    upstream.close();
  });

  test('comes as it is, and a stream that is not whole ends with an error of its API [PX-2] [PX-4]', () =>
    holds(
      [wellFormed, path, fc.boolean()],
      async ({ status, type, pieces, framing }, to, stream) => {
        const sent = Buffer.from(pieces.join(''), 'latin1');
        next = Buffer.concat([
          Buffer.from(headOf(status, type, framing, sent.length)),
          framed(sent, framing),
        ]);
        const got = await callRaw(middleware.port, {
          path: to,
          body: `{"model":"gpt-5","stream":${stream}}`,
        });
        const isWatched = status < 300 && type.startsWith('text/event-stream') && !isOther(to);
        if (isWatched && isBrokenOff(got, sent)) return;
        if (status < 300 && !isOther(to) && isTakenForNothing(got, { sent, status, isWatched })) return;
        if (status >= 400 && isOther(to)) {
          expectToldAnew(got);
          return;
        }
        expect(got.status).toBe(status);
        expect(got.body.subarray(0, sent.length).equals(sent)).toBe(true);
        expectErrorBehind(got, sent, isWatched);
      },
      100,
    ));

  test('leaves nothing that is held [PX-4]', () => expectNothingHeld(middleware.port, () => sockets.size));
});
