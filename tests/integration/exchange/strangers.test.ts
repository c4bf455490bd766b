import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says } from '../../support/fake-upstream/step.ts';
import { callRaw, headerOf } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

const key = 'a-key-of-this-codex-plus-0123456789';
const known = ['x-codex-plus-key', key];
const paths = ['/v1/responses', '/v1/chat/completions', '/v1/messages'];
const small = '{"model":"gpt-5","input":"hi","messages":[{"role":"user","content":"hi"}]}';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
const open: Socket[] = [];

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.use(() => says('hello'));
  middleware = await composeMiddleware(upstream.url, {
    CODEX_PLUS_API_KEYS: key,
    CODEX_PLUS_MAX_BODY_BYTES: '100000',
    CODEX_PLUS_MAX_BODY_BYTES_IN_FLIGHT: '100000',
  });
});

afterEach(() => {
  for (const socket of open.splice(0)) socket.destroy();
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

/** Sends the head of a call, and as much of its body as is given. */
function begin(head: readonly string[], body = ''): { socket: Socket; received: () => string } {
  const socket = connect(middleware.port, '127.0.0.1');
  open.push(socket);
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString())).on('error', () => undefined);
  socket.write(`${[...head, 'host: 127.0.0.1'].join('\r\n')}\r\n\r\n${body}`);
  return { socket, received: () => text };
}

for (const path of paths) {
  test(`a stranger has the 401 of ${path} before anything of the body came [SEC-6]`, async () => {
    const { received } = begin([`POST ${path} HTTP/1.1`, 'content-length: 90000']);
    await until(() => received().includes('x-codex-plus-key'));
    expect(received()).toMatch(/^HTTP\/1\.1 401 /);
  });
}

test('bodies of strangers take nothing of the room that those of callers have', async () => {
  const half = 'x'.repeat(45_000);
  const strangers = Array.from({ length: 4 }, () =>
    begin(['POST /v1/responses HTTP/1.1', 'content-length: 90000'], half),
  );
  await until(() => strangers.every(({ received }) => received().includes(' 401 ')));
  const body = `{"model":"gpt-5","input":"${'x'.repeat(90_000)}"}`;
  expect((await callRaw(middleware.port, { path: '/v1/responses', headers: known, body })).status).toBe(200);
});

test.each([
  ['is too large', ['content-length', '200000'], ''],
  ['is in an unknown encoding', ['content-encoding', 'of-nobody'], small],
  ['is no JSON', [], 'no JSON'],
])('a stranger hears of the key and of nothing else where the body %s', async (_, headers, body) => {
  const lines = ['POST /v1/responses HTTP/1.1', headers.join(': ')].filter((line) => line !== '');
  if (headers[0] !== 'content-length') lines.push(`content-length: ${body.length}`);
  const stranger = begin(lines, body);
  await until(() => stranger.received().includes(' 401 '));
  expect(stranger.received()).toContain('"code":"unauthorized"');
});

test('Codex has it as a 400 in plain text, without a word of a retry', async () => {
  const headers = ['user-agent', 'codex_exec/0.99.0', 'originator', 'codex_exec'];
  const answer = await callRaw(middleware.port, { path: '/v1/responses', headers, body: small });
  expect([answer.status, headerOf(answer.headers, 'x-should-retry')]).toEqual([400, 'false']);
  expect(answer.body.toString()).toContain('x-codex-plus-key');
});

test('a connection that is kept serves a caller behind a stranger whose body was not read', async () => {
  const body = 'x'.repeat(150_000);
  const { socket, received } = begin(
    ['POST /v1/responses HTTP/1.1', 'connection: keep-alive', `content-length: ${body.length}`],
    body,
  );
  await until(() => received().includes(' 401 '));
  const length = Buffer.byteLength(small);
  socket.write(
    `POST /v1/responses HTTP/1.1\r\nhost: 127.0.0.1\r\nx-codex-plus-key: ${key}\r\ncontent-length: ${length}\r\n\r\n${small}`,
  );
  await until(() => received().includes('HTTP/1.1 200 OK'));
});

test('the log has a line for it, which names nobody', async () => {
  const before = middleware.lines.length;
  begin(['POST /v1/responses HTTP/1.1', 'content-length: 2', 'connection: close'], '{}');
  const line = (): unknown => middleware.lines.slice(before).find(({ message }) => message === 'exchange');
  await until(() => line() !== undefined);
  expect(line()).toMatchObject({ status: 401 });
  expect(line()).not.toHaveProperty('key');
});

test('a stranger whose body has no end is cut off', async () => {
  const { socket, received } = begin(['POST /v1/responses HTTP/1.1', 'transfer-encoding: chunked']);
  const piece = Buffer.alloc(1 << 20, 'x');
  let sent = 0;
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const send = (): void => {
    while (!socket.destroyed) {
      sent += piece.length;
      socket.write(`${piece.length.toString(16)}\r\n`);
      socket.write(piece);
      if (!socket.write('\r\n')) return;
    }
  };
  socket.on('drain', send);
  send();
  await closed;
  expect(received()).toMatch(/^HTTP\/1\.1 401 /);
  expect(sent).toBeLessThan(160 << 20);
});
