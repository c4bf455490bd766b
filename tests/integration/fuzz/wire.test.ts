import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { expectNothingHeld, heldBytes } from '../../support/expect-nothing-held.ts';
import { expectOwnErrorForm } from '../../support/expect-own-error-form.ts';
import { holds } from '../../support/fuzz.ts';
import { callRaw, openRaw, readAnswer } from '../../support/raw-client.ts';

const paths = ['/v1/responses', '/v1/chat/completions', '/v1/messages', '/v1/files', '/v1/models/x'] as const;
const path = fc.constantFrom(...paths);
const settings = {
  CODEX_PLUS_HEADERS_TIMEOUT_MS: '2000',
  CODEX_PLUS_IDLE_TIMEOUT_MS: '2000',
  CODEX_PLUS_KEEPALIVE_MS: '500',
  CODEX_PLUS_BREAKER_FAILURES: '1000000',
  CODEX_PLUS_MAX_BODY_BYTES: String(heldBytes),
  CODEX_PLUS_MAX_BODY_BYTES_IN_FLIGHT: String(heldBytes),
};

/** What is put into heads: legal, nearly legal, and not at all. */
const scrap = fc.oneof(
  fc.constantFrom('\r\n', '\n', '\r', ' ', '\t', ':', ',', ';', '\0', '\x01', '\x7f', '\xff', 'ä', '日本'),
  fc.constantFrom('HTTP/1.1', 'HTTP/9.9', '200', '100', '101', '103', '204', '304', '999', '600', '-1', 'OK'),
  fc.constantFrom(
    'content-length',
    'transfer-encoding',
    'chunked',
    'content-type',
    'text/event-stream',
    '0',
    '5',
  ),
  fc.constantFrom(
    'connection',
    'upgrade',
    'close',
    'content-encoding',
    'gzip',
    '__proto__',
    'set-cookie',
    'x',
  ),
  fc.string({ unit: 'binary', maxLength: 5 }),
);
const scraps = (maxLength: number): fc.Arbitrary<string> =>
  fc.array(scrap, { maxLength }).map((parts) => parts.join(''));

const statusLine = fc.oneof(
  fc
    .tuple(fc.constantFrom('200', '404', '500', '204', '304', '101', '103', '299'), scraps(3))
    .map(([code, phrase]) => `HTTP/1.1 ${code} ${phrase.replaceAll(/[\r\n]/g, '')}`),
  scraps(4),
);
const header = fc.oneof(
  fc.constantFrom('content-type: text/event-stream', 'content-type: application/json', 'connection: close'),
  fc.constantFrom(
    'transfer-encoding: chunked',
    'content-length: 5',
    'content-length: 0',
    'content-encoding: gzip',
  ),
  fc.tuple(scraps(2), scraps(3)).map(([name, value]) => `${name}: ${value}`),
);
const answerBody = fc.oneof(
  fc.constantFrom(
    '{}',
    '[]',
    'null',
    '5\r\nhello\r\n0\r\n\r\n',
    'data: {"type":"response.completed"}\n\n',
    'data: \n\n',
  ),
  fc.constantFrom(
    'data: [DONE]\n\n',
    'data: {"choices":[{"delta":{"tool_calls":[{}]}}]}\n\n',
    'event: error\ndata: x\n\n',
  ),
  scraps(10),
);
const answer = fc
  .tuple(statusLine, fc.array(header, { maxLength: 4 }), fc.array(answerBody, { maxLength: 3 }))
  .map(([line, headers, bodies]) =>
    Buffer.from([line, ...headers, '', bodies.join('')].join('\r\n'), 'utf8'),
  );

describe('whatever bytes an upstream answers with', () => {
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
    middleware = await composeMiddleware(`http://127.0.0.1:${port}`, settings);
  });
  afterAll(async () => {
    await (middleware as ComposedMiddleware | undefined)?.close();
    upstream.close();
  });

  test('the client gets an answer or a broken connection, and the next request is served [PX-4]', () =>
    holds(
      [answer, path, fc.boolean()],
      async (bytes, to, stream) => {
        next = bytes;
        const got = await callRaw(middleware.port, {
          path: to,
          body: `{"model":"gpt-5","stream":${stream}}`,
        });
        // 0: the connection was closed before a head, which is an answer of an upgrade at the most.
        expect(got.status === 0 || (got.status >= 200 && got.status < 1_000)).toBe(true);
        expectOwnErrorForm(got, to);
        const health = await callRaw(middleware.port, { method: 'GET', path: '/healthz' });
        expect(health.status).toBe(200);
      },
      60,
    ));

  test('nothing is held after all of them [PX-4]', () =>
    expectNothingHeld(middleware.port, () => sockets.size));
});

describe('whatever bytes a client sends', () => {
  let upstream: FakeUpstream;
  let middleware: ComposedMiddleware;
  beforeAll(async () => {
    upstream = await startFakeUpstream();
    middleware = await composeMiddleware(upstream.url, settings);
  });
  afterAll(async () => {
    await (middleware as ComposedMiddleware | undefined)?.close();
    await upstream.close();
  });

  const method = fc.constantFrom('POST', 'GET', 'PUT', 'OPTIONS', 'HEAD', 'DELETE', 'PATCH', 'QUERY');
  const target = fc.oneof(
    path,
    fc.constantFrom(
      '/',
      '/help',
      '/metrics',
      '/mcp',
      '/v1',
      '//',
      '/v1/../x',
      '/%',
      '/%00',
      '*',
      'http://x/',
      '/v1/models?%',
    ),
    scraps(3).map((rest) => `/${rest.replaceAll(/[\r\n ]/g, '')}`),
  );
  const name = fc.constantFrom(
    'authorization',
    'x-codex-plus-key',
    'cookie',
    'expect',
    'content-encoding',
    'accept',
    'x',
  );
  const headers = fc.array(
    fc.tuple(
      name,
      scraps(3).map((value) => value.replaceAll(/[\r\n]/g, '')),
    ),
    { maxLength: 4 },
  );
  const body = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
    scraps(8),
  );

  test('it gets an answer or a closed connection, and the next request is served [PX-4]', () =>
    holds(
      [method, target, headers, body],
      async (how, to, list, content) => {
        const socket = await openRaw(middleware.port, {
          method: how,
          path: to,
          headers: list.flat(),
          body: content,
        });
        // What asks to go on after `expect` has its body sent already; it is over at the latest with this.
        socket.end();
        expectOwnErrorForm(await readAnswer(socket), to);
        const health = await callRaw(middleware.port, { method: 'GET', path: '/healthz' });
        expect(health.status).toBe(200);
      },
      60,
    ));

  test('nothing is held after all of them [PX-4]', () =>
    expectNothingHeld(middleware.port, upstream.openSockets));
});
