import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says } from '../../support/fake-upstream/step.ts';
import { callRaw, headerOf, openRaw } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  middleware = await composeMiddleware(upstream.url, {
    CODEX_PLUS_MAX_BODY_BYTES: '100000',
    CODEX_PLUS_MAX_BODY_BYTES_IN_FLIGHT: '150000',
  });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

const path = '/v1/responses';
const large = `{"model":"gpt-5","input":"${'x'.repeat(90_000)}"}`;
const open: Socket[] = [];

afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy();
  upstream.use(() => says('hello'));
  // What was held is given back.
  await until(async () => (await callRaw(middleware.port, { path, body: large })).status === 200);
});

/** A call whose body is held, since its answer does not come. */
async function hold(): Promise<void> {
  upstream.use(() => ({ kind: 'hang' }));
  const calls = upstream.requests.length;
  open.push(await openRaw(middleware.port, { path, body: large }));
  await until(() => upstream.requests.length > calls);
}

describe('request bodies that take more memory together than they may', () => {
  test('a body that is announced is refused before it comes, with when to try again', async () => {
    await hold();
    const socket = connect(middleware.port, '127.0.0.1');
    open.push(socket);
    socket.write(`POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 90000\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer.toString()).toMatch(/retry-after: \d/);
  });

  for (const [what, headers, body] of [
    ['as it is', [], large],
    ['that is larger when it is decoded', ['content-encoding', 'gzip'], gzipSync(large)],
  ] as const) {
    test(`a body ${what} is a 503 in the form of each API, and small ones are served on`, async () => {
      await hold();
      const answer = await callRaw(middleware.port, { path, headers, body });
      expect([answer.status, headerOf(answer.headers, 'retry-after')]).toEqual([503, '2']);
      expect(answer.body.toString()).toMatch(/"code":"overloaded"/);
      expect(answer.body.toString()).toMatch(/server\.maxBodyBytesInFlight/);
      const messages = await callRaw(middleware.port, { path: '/v1/messages', headers, body });
      expect([messages.status, messages.body.toString()]).toEqual([
        503,
        expect.stringContaining('"type":"overloaded_error"'),
      ]);
      upstream.use(() => says('hello'));
      expect((await callRaw(middleware.port, { path, body: '{"model":"gpt-5","input":"hi"}' })).status).toBe(
        200,
      );
    });
  }

  test('a body in chunks is refused while it comes', async () => {
    await hold();
    const socket = connect(middleware.port, '127.0.0.1');
    open.push(socket);
    socket.write(`POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ntransfer-encoding: chunked\r\n\r\n`);
    socket.write(`${(90_000).toString(16)}\r\n${'x'.repeat(90_000)}`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 503 /);
  });

  test('a body that is announced and does not come shuts nobody out', async () => {
    for (let i = 0; i < 5; i += 1) {
      const socket = connect(middleware.port, '127.0.0.1');
      open.push(socket);
      socket.write(`POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 99000\r\n\r\n`);
    }
    expect((await callRaw(middleware.port, { path, body: large })).status).toBe(200);
  });
});
