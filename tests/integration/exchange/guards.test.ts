import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { streams } from '../../support/fake-upstream/step.ts';
import { callRaw, headerOf, openRaw, readAnswer } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
const key = 'key-0123456789abcdef';

beforeAll(async () => {
  upstream = await startFakeUpstream();
  middleware = await composeMiddleware(upstream.url, { CODEX_PLUS_MAX_BODY_BYTES: '100000' });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

const path = '/v1/responses';
const codex = ['user-agent', 'codex_exec/0.169.0'];

describe('bodies', () => {
  const huge = Buffer.from(`{"model":"m","input":"${' '.repeat(200_000)}"}`);
  for (const [what, headers, body] of [
    ['a body above the cap', [], huge],
    ['a gzip body that decodes to more than the cap', ['content-encoding', 'gzip'], gzipSync(huge)],
    ['a zstd body that decodes to more than the cap', ['content-encoding', 'zstd'], zstdCompressSync(huge)],
  ] as const) {
    test(`${what} is a 413 in JSON, and for Codex a text that it shows at once [PX-8]`, async () => {
      const answer = await callRaw(middleware.port, { path, headers, body });
      expect([answer.status, JSON.parse(answer.body.toString())]).toEqual([
        413,
        { error: expect.objectContaining({ code: 'body_too_large', type: 'invalid_request_error' }) },
      ]);
      const shown = await callRaw(middleware.port, { path, headers: [...headers, ...codex], body });
      expect([shown.status, headerOf(shown.headers, 'content-type')]).toEqual([
        400,
        'text/plain; charset=utf-8',
      ]);
      expect(shown.body.toString()).toMatch(/^the request body is larger than 100000 bytes/);
    });
  }

  test('a chunked body above the cap is refused while it comes [PX-8]', async () => {
    const req = httpRequest(middleware.url + path, { method: 'POST' });
    req.on('error', () => undefined);
    req.write(huge.subarray(0, 60_000));
    req.write(huge.subarray(60_000, 150_000));
    const [response] = (await once(req, 'response')) as [{ statusCode: number; resume: () => void }];
    expect(response.statusCode).toBe(413);
    response.resume();
    req.destroy();
  });

  for (const [what, headers, body, status, reason] of [
    ['no JSON', [], 'hello', 400, 'not a JSON object: expected an object at byte 0'],
    ['JSON that is no object', [], '[]', 400, 'not a JSON object'],
    ['nothing', [], '', 400, 'not a JSON object'],
    [
      'a cut gzip body',
      ['content-encoding', 'gzip'],
      gzipSync('{"a":1}').subarray(0, 10),
      400,
      'not valid gzip',
    ],
    [
      'a cut zstd body',
      ['content-encoding', 'zstd'],
      zstdCompressSync('{"a":1}').subarray(0, 8),
      400,
      'not valid zstd',
    ],
    [
      'an unknown encoding',
      ['content-encoding', 'lzma'],
      'x',
      415,
      'the content-encoding \\"lzma\\" is not supported',
    ],
    [
      'an encoding with the name of a member of objects',
      ['content-encoding', '__proto__'],
      'x',
      415,
      '__proto__',
    ],
    ['two encodings', ['content-encoding', 'gzip, zstd'], 'x', 415, 'more than one content-encoding'],
    [
      'zstd that does not say so',
      [],
      zstdCompressSync('{"a":1}'),
      415,
      'there is no \\"content-encoding: zstd\\" header',
    ],
  ] as const) {
    test(`${what} is refused with ${status} and the reason`, async () => {
      const answer = await callRaw(middleware.port, { path, headers, body: Buffer.from(body) });
      expect(answer.status).toBe(status);
      expect(answer.body.toString()).toContain(reason);
    });
  }
});

describe('a body whose top level is sound and that is broken deeper inside', () => {
  test.each([
    ['/v1/responses', '{"model":"gpt-5","input":[{"role":"user","content":"/help\\x"}]}'],
    ['/v1/responses', '{"model":"gpt-5","input":"/help\\q"}'],
    ['/v1/responses', '{"model":"gpt-5","input":[{"role":"user","content":"/help"},,1]}'],
    ['/v1/chat/completions', '{"model":"gpt-5","messages":[{"role":"user","content":"/help"} {}]}'],
    [
      '/v1/messages',
      '{"model":"gpt-5","messages":[{"role":"user","content":[{"type":"text","text":"/help" 1}]}]}',
    ],
  ])('%s %s is a 400 that no client repeats, not a fault of ours', async (path, body) => {
    const { status, body: answer } = await callRaw(middleware.port, { path, body });
    expect(status).toBe(400);
    expect(answer.toString()).toMatch(/the request body is not JSON: it is broken/);
  });
});

describe('who may call', () => {
  for (const [what, headers, status] of [
    ['a foreign host name', ['host', 'evil.example:3000'], 403],
    ['a foreign origin', ['origin', 'https://evil.example'], 403],
    ['the origin "null"', ['origin', 'null'], 403],
    ['a request that a browser marks as from another site', ['sec-fetch-site', 'cross-site'], 403],
    ['localhost by name', ['host', 'localhost:3000'], 200],
    ['loopback by an address of its own', ['host', '127.1.2.3:3000'], 200],
    ['what looks like loopback and is no address', ['host', '127.999.999.999:3000'], 403],
    ['loopback in octal', ['host', '0177.0.0.1:3000'], 403],
    ['loopback as one number', ['host', '2130706433:3000'], 403],
    ['loopback in its IPv6 form', ['host', '[::ffff:127.0.0.1]:3000'], 403],
    ['loopback with a dot behind it', ['host', '127.0.0.1.:3000'], 403],
    ['IPv6 loopback without its brackets', ['host', '::1'], 403],
  ] as const) {
    test(`${what} gets ${status} in every lane [SEC-6]`, async () => {
      for (const [method, target] of [
        ['POST', path],
        ['GET', '/health'],
        ['GET', '/anything'],
      ] as const) {
        const req = httpRequest({ port: middleware.port, host: '127.0.0.1', method, path: target });
        for (let i = 0; i < headers.length; i += 2) req.setHeader(headers[i] ?? '', headers[i + 1] ?? '');
        req.end(method === 'POST' ? '{"model":"m","input":"hi"}' : undefined);
        const [response] = (await once(req, 'response')) as [{ statusCode: number; resume: () => void }];
        response.resume();
        expect(response.statusCode).toBe(status);
      }
    });
  }

  for (const second of ['evil.example', '127.0.0.1']) {
    test(`a second host header, "${second}", is a 400 in every lane, whatever it names [SEC-6]`, async () => {
      const calls = upstream.requests.length;
      for (const [method, target] of [
        ['POST', path],
        ['GET', '/health'],
        ['GET', '/anything'],
      ] as const) {
        const body = method === 'POST' ? '{"model":"m","input":"hi"}' : '';
        const answer = await callRaw(middleware.port, {
          method,
          path: target,
          headers: ['Host', second],
          body,
        });
        expect([answer.status, answer.body.toString()]).toEqual([
          400,
          expect.stringContaining('more than one \\"host\\" header'),
        ]);
      }
      const upgrade = ['Upgrade', 'websocket', 'Sec-WebSocket-Key', 'x', 'Connection', 'Upgrade'];
      const headers = ['Host', second, ...upgrade];
      const upgraded = await callRaw(middleware.port, { method: 'GET', path: '/anything', headers });
      expect(upgraded.status).toBe(400);
      expect(upstream.requests).toHaveLength(calls);
    });
  }

  test('with keys configured, every lane but health and version asks for one, in any of three places [SEC-6]', async () => {
    const guarded = await composeMiddleware(upstream.url, { CODEX_PLUS_API_KEYS: key });
    const body = '{"model":"m","input":"hi"}';
    const post = (headers: readonly string[]): Promise<number> =>
      callRaw(guarded.port, { path, headers, body }).then(({ status }) => status);
    const get = (target: string, headers: readonly string[] = []): Promise<number> =>
      callRaw(guarded.port, { method: 'GET', path: target, headers }).then(({ status }) => status);
    expect(await post([])).toBe(401);
    expect(await post(['authorization', 'Bearer wrong-key-0123456'])).toBe(401);
    // A 401 would make Codex refresh its login.
    expect(await post(codex)).toBe(400);
    for (const headers of [
      ['x-codex-plus-key', key],
      ['authorization', `Bearer ${key}`],
      ['x-api-key', key],
    ]) {
      expect(await post(headers)).toBe(200);
      expect(await get('/v1/models', headers)).toBe(200);
      expect(await get('/unowned', headers)).toBe(200);
      expect(JSON.stringify(upstream.requests.at(-1)!.rawHeaders)).not.toContain(key);
    }
    expect([await get('/v1/models'), await get('/unowned'), await get('/metrics')]).toEqual([401, 401, 401]);
    expect([
      await get('/health'),
      await get('/healthz'),
      await get('/readyz'),
      await get('/version'),
    ]).toEqual([200, 200, 200, 200]);
    expect(JSON.stringify(guarded.lines)).not.toContain(key);
    await guarded.close();
  });
});

describe('upgrades', () => {
  test('the Responses socket is answered 426, at which Codex falls back to HTTP at once [PX-1]', async () => {
    for (const target of ['/v1/responses', '/responses']) {
      const headers = ['Upgrade', 'websocket', 'Sec-WebSocket-Key', 'x', 'Sec-WebSocket-Version', '13'];
      const answer = await callRaw(middleware.port, {
        method: 'GET',
        path: target,
        headers: [...headers, 'Connection', 'Upgrade'],
      });
      expect(answer.status).toBe(426);
    }
  });
});

describe('stopping', () => {
  test('a drain lets a running stream finish, answers new requests on kept connections 503, and ends [OPS-2]', async () => {
    const draining = await composeMiddleware(upstream.url);
    const end = 'data: {"type":"response.completed","response":{"id":"r"}}\n\n';
    upstream.use(() => streams([': a\n\n', ': b\n\n', end], { pauseMs: 200 }));
    const socket = await openRaw(draining.port, { path, body: '{"model":"m","stream":true}' });
    await once(socket, 'readable');
    const drained = draining.drain(10_000);
    await expect(openRaw(draining.port, { path, body: '{}' })).rejects.toThrow('ECONNREFUSED');
    const answer = await readAnswer(socket);
    expect([answer.body.toString(), answer.isWhole]).toEqual([`: a\n\n: b\n\n${end}`, true]);
    await drained;
    await draining.close();
  });

  test('a WebSocket that is open at the deadline is closed, and no new one is taken [OPS-2]', async () => {
    const accepting = createServer();
    accepting.on('upgrade', (_req, socket) => {
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n');
    });
    accepting.listen(0, '127.0.0.1');
    await once(accepting, 'listening');
    const { port } = accepting.address() as AddressInfo;
    const draining = await composeMiddleware(`http://127.0.0.1:${port}`);
    const socket = connect(draining.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(
      'GET /v1/realtime HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-version: 13\r\n\r\n',
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toContain('101');
    const closed = once(socket, 'close');
    await draining.drain(200);
    await closed;
    await draining.close();
    accepting.closeAllConnections();
    accepting.close();
  });

  test('a connection that never sent anything does not hold a drain up [OPS-2]', async () => {
    const draining = await composeMiddleware(upstream.url);
    const socket = connect(draining.port, '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(socket.resume(), 'close');
    await draining.drain(60_000);
    await closed;
    await draining.close();
  });

  test('a stream that outlasts the deadline ends with an error event [OPS-2]', async () => {
    const draining = await composeMiddleware(upstream.url);
    upstream.use(() => streams([': a\n\n'], { then: 'silence' }));
    const socket = await openRaw(draining.port, { path, body: '{"model":"m","stream":true}' });
    await once(socket, 'readable');
    const answer = readAnswer(socket);
    await draining.drain(100);
    const { body, isWhole } = await answer;
    expect(isWhole).toBe(true);
    expect(body.toString()).toMatch(/^: a\n\n.*codex-plus is stopping/s);
    await until(() => draining.lines.at(-1)?.['ending'] === 'ended-here');
    await draining.close();
  });
});
