import { once } from 'node:events';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { madeUpJwt } from '../../support/made-up-jwt.ts';
import { callRaw, headerOf, openRaw, readAnswer, type RawAnswer } from '../../support/raw-client.ts';
import { startRawUpstream, type RawUpstream } from '../../support/raw-upstream.ts';
import { until } from '../../support/until.ts';

const ourKey = 'sk-ours-0123456789abcdef';

let upstream: RawUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startRawUpstream();
  middleware = await composeMiddleware(upstream.url, {
    CODEX_PLUS_HEADERS_TIMEOUT_MS: '1000',
    CODEX_PLUS_IDLE_TIMEOUT_MS: '1000',
    CODEX_PLUS_KEEPALIVE_MS: '100',
    CODEX_PLUS_API_KEYS: ourKey,
    CODEX_PLUS_CHATGPT_BASE_URL: `${upstream.url}/backend-api/codex`,
  });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

afterEach(() => {
  middleware.setLitellm(upstream.url);
});

const keyed = ['x-codex-plus-key', ourKey];
const upgrade = [
  'upgrade',
  'websocket',
  'sec-websocket-key',
  'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version',
  '13',
];
const hello = 'content-length: 5\r\n\r\nhello';
const path = '/v1/files';

type Line = Readonly<Record<string, unknown>>;

/** Runs something, and gives the line that the log has about the passed request. */
async function lineOf(run: () => Promise<unknown>): Promise<Line | undefined> {
  const passed = (): Line[] => middleware.lines.filter(({ message }) => message === 'passthrough');
  const before = passed().length;
  await run();
  await until(() => passed().length > before);
  return passed()[before];
}

function get(headers: readonly string[] = []): Promise<RawAnswer> {
  return callRaw(middleware.port, { method: 'GET', path, headers: [...keyed, ...headers] });
}

/** Like `callRaw`, whose `connection: close` would be no upgrade. */
async function ask(headers: readonly string[]): Promise<Socket> {
  return openRaw(middleware.port, {
    ...{ method: 'GET', path },
    headers: ['connection', 'Upgrade', ...upgrade, ...keyed, ...headers],
  });
}

const failures = [
  ['closes the connection unanswered', '', 'close', 'upstream_unreachable'],
  ['resets the connection', '', 'reset', 'upstream_unreachable'],
  ['sends a header that is none', 'HTTP/1.1 200 OK\r\nno header\r\n\r\n', 'stay', 'upstream_unreadable'],
  [
    'sends a value with a control character',
    'HTTP/1.1 200 OK\r\nx-a: \x01\r\n\r\n',
    'stay',
    'upstream_unreadable',
  ],
  ['sends what is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', 'stay', 'upstream_unreadable'],
  [
    'switches protocols unasked',
    'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
    'stay',
    'upstream_unreachable',
  ],
] as const;

describe('what is passed through to an upstream that fails', () => {
  for (const [what, bytes, then, code] of failures) {
    test(`one that ${what} is a 502 at once, and the log says so [PX-4]`, async () => {
      upstream.use({ bytes, then });
      const line = await lineOf(async () => {
        const { status, body } = await get();
        expect(status).toBe(502);
        expect(JSON.parse(body.toString())).toMatchObject({ error: { code } });
      });
      expect(line).toMatchObject({ status: 502, path, ending: 'upstream-broke' });
    });

    test(`one that ${what} refuses a WebSocket with a 502 at once [PX-4]`, async () => {
      upstream.use({ bytes, then });
      const line = await lineOf(async () => {
        expect((await readAnswer(await ask([]))).status).toBe(502);
      });
      expect(line).toMatchObject({ status: 502, path, ending: 'upstream-broke' });
    });
  }

  for (const [what, bytes] of [
    ['switches without a word to what', 'HTTP/1.1 101 \xff\x7f\r\n\r\n'],
    ['switches with the phrase of another', 'HTTP/1.1 101 \xff\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'],
    ['refuses with a phrase that is none', 'HTTP/1.1 502 \xff\x7f\r\ncontent-length: 0\r\n\r\n'],
  ] as const) {
    test(`one that ${what} is a 502 with a phrase of HTTP for a WebSocket [PX-4]`, async () => {
      upstream.use({ bytes, then: 'stay' });
      const chunks: Buffer[] = [];
      const socket = await ask([]);
      socket.on('data', (chunk) => chunks.push(chunk));
      await until(() => chunks.length > 0);
      socket.destroy();
      expect(Buffer.concat(chunks).toString('latin1')).toMatch(/^HTTP\/1\.1 502 Bad Gateway\r\n/);
      await until(() => upstream.openSockets() === 0);
    });
  }

  test('one that cannot be reached is a 502, for a WebSocket as well [PX-4]', async () => {
    const gone = await startRawUpstream();
    middleware.setLitellm(gone.url);
    await gone.close();
    const line = await lineOf(async () => {
      expect((await get()).body.toString()).toContain('could not be reached: ECONNREFUSED');
    });
    expect(line).toMatchObject({ status: 502, error: expect.stringContaining('ECONNREFUSED') });
    const other = await lineOf(async () => {
      expect((await readAnswer(await ask([]))).status).toBe(502);
    });
    expect(other).toMatchObject({ status: 502 });
  });

  test('one that never answers is a 504 after its time, for a WebSocket as well [PX-4]', async () => {
    upstream.use({ bytes: '', then: 'stay' });
    expect((await get()).status).toBe(504);
    expect((await readAnswer(await ask([]))).status).toBe(504);
  });

  test('a client that stops in the middle of its body is told so with a 408, and the upstream is not blamed [PX-4]', async () => {
    upstream.use({ bytes: '', then: 'stay' });
    const socket = await openRaw(middleware.port, { path, headers: [...keyed, 'content-length', '900'] });
    socket.write('half of it');
    const { status, headers, body } = await readAnswer(socket);
    expect([status, headerOf(headers, 'connection')]).toEqual([408, 'close']);
    expect(body.toString()).toMatch(/"code":"request_timeout"/);
    const id = headerOf(headers, 'x-request-id');
    await until(() => middleware.lines.some((line) => line['id'] === id));
    expect(middleware.lines.find((line) => line['id'] === id)).toMatchObject({
      ...{ message: 'passthrough', status: 408, ending: 'client-left' },
    });
    await until(() => upstream.openSockets() === 0);
  });

  test('one that breaks off in the middle is a broken connection, and the log says so [PX-4]', async () => {
    upstream.use({ bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello', then: 'reset' });
    const line = await lineOf(async () => {
      expect((await get()).isWhole).toBe(false);
    });
    expect(line).toMatchObject({ ending: 'upstream-broke', error: expect.stringContaining('') });
  });

  test('one that falls silent in the middle is a broken connection after its time [PX-4]', async () => {
    upstream.use({ bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello', then: 'stay' });
    const line = await lineOf(async () => {
      expect((await get()).isWhole).toBe(false);
    });
    expect(line).toMatchObject({ error: expect.stringContaining('was silent for 1000 ms') });
  });

  test('interim answers that nobody asked for are passed over [PX-4]', async () => {
    const interim = 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n';
    upstream.use({ bytes: `${interim}HTTP/1.1 200 OK\r\n${hello}`, then: 'close' });
    const { status, body } = await get();
    expect([status, body.toString()]).toEqual([200, 'hello']);
  });

  for (const [what, head] of [
    ['a reason phrase with a control character', 'HTTP/1.1 200 O\x01K\r\n'],
    ['a trailer that it has no place for', 'HTTP/1.1 200 OK\r\ntrailer: x\r\n'],
  ] as const) {
    test(`${what} does no harm [PX-4]`, async () => {
      upstream.use({ bytes: head + hello, then: 'close' });
      const { status, body } = await get();
      expect([status, body.toString()]).toEqual([200, 'hello']);
    });
  }

  test('a client that leaves before the answer ends the call, and is no 200 in the log [PX-4]', async () => {
    upstream.use({ bytes: '', then: 'stay' });
    for (const open of [
      () => openRaw(middleware.port, { method: 'GET', path, headers: keyed }),
      () => ask([]),
    ]) {
      const seen = upstream.heads.length;
      const line = await lineOf(async () => {
        const socket = await open();
        await until(() => upstream.heads.length > seen);
        socket.destroy();
      });
      expect(line).toMatchObject({ status: 499, ending: 'client-left' });
      expect(line?.['error']).toBeUndefined();
    }
    await until(() => upstream.openSockets() === 0);
  });
});

/** Sends a body that waits for `100 Continue`, as curl does with large ones. */
async function sendExpecting(headers: Readonly<Record<string, string>>): Promise<number | undefined> {
  const call = request({
    ...{ host: '127.0.0.1', port: middleware.port, method: 'POST', path },
    headers: { ...headers, expect: '100-continue', 'content-length': 4 },
  });
  call.once('continue', () => call.end('body'));
  call.flushHeaders();
  const [response] = (await once(call, 'response')) as [NodeJS.ReadableStream & { statusCode?: number }];
  response.resume();
  await once(response, 'end');
  return response.statusCode;
}

function namesOf(head: string): string[] {
  return head
    .split('\r\n')
    .slice(1)
    .map((line) => (line.split(':')[0] ?? '').toLowerCase())
    .sort();
}

describe('the headers of what is passed through', () => {
  const ours = { 'x-codex-plus-key': ourKey, 'x-codex-plus-workspace': '/home/somebody/secret' };

  test('are the same with `Expect: 100-continue`: nothing of ours goes up, and our key for LiteLLM does', async () => {
    upstream.use({ bytes: `HTTP/1.1 200 OK\r\n${hello}`, then: 'close' });
    expect(await sendExpecting({ ...ours, authorization: 'Bearer sk-client', 'X-Mine': 'kept' })).toBe(200);
    const head = upstream.heads.at(-1) ?? '';
    expect(head).toContain('Bearer sk-test-master-0123456789abcdef');
    expect(head).toContain('X-Mine: kept');
    expect(head).not.toMatch(/sk-ours|sk-client|secret|expect/i);
  });

  test('are only what the ChatGPT backend takes, with `Expect` as well', async () => {
    upstream.use({ bytes: `HTTP/1.1 200 OK\r\n${hello}`, then: 'close' });
    const login = { authorization: `Bearer ${madeUpJwt()}`, 'chatgpt-account-id': 'acc' };
    expect(await sendExpecting({ ...ours, ...login, cookie: 'a=b', 'x-forwarded-for': '1.2.3.4' })).toBe(200);
    expect(namesOf(upstream.heads.at(-1) ?? '')).toEqual(
      ['authorization', 'chatgpt-account-id', 'connection', 'content-length', 'host'].sort(),
    );
  });

  test('are right for a WebSocket, whose bytes go both ways', async () => {
    const accepted = 'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n';
    upstream.use({ bytes: `${accepted}frame`, then: 'close' });
    const line = await lineOf(async () => {
      const socket = await ask(['x-codex-plus-workspace', '/home/somebody/secret']);
      const chunks: Buffer[] = [];
      socket.on('data', (chunk) => chunks.push(chunk));
      await once(socket, 'end');
      socket.end();
      expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 101 [^]*\r\n\r\nframe$/);
    });
    expect(line).toMatchObject({ status: 101, ending: 'completed' });
    const head = upstream.heads.at(-1) ?? '';
    expect(head).toContain('Bearer sk-test-master-0123456789abcdef');
    expect(head).toMatch(/upgrade: websocket/i);
    expect(head).toMatch(/sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==/i);
    expect(head).not.toMatch(/sk-ours|secret/);
  });

  test('that are repeated stay repeated, and an offer of another protocol is passed over', async () => {
    upstream.use({ bytes: `HTTP/1.1 200 OK\r\n${hello}`, then: 'close' });
    const { status } = await get(['x-a', '1', 'X-A', '2', 'connection', 'upgrade', 'upgrade', 'h2c']);
    expect(status).toBe(200);
    expect(upstream.heads.at(-1)?.match(/x-a: \d/gi)).toEqual(['x-a: 1', 'x-a: 2']);
  });
});
