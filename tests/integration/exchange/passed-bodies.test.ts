import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { callRaw, headerOf, type RawRequest } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

interface Echo {
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  middleware = await composeMiddleware(upstream.url, {
    CODEX_PLUS_MAX_BODY_BYTES: '10000',
    CODEX_PLUS_MAX_BODY_BYTES_IN_FLIGHT: '15000',
    CODEX_PLUS_BODY_IDLE_MS: '600',
  });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

/** What the upstream got. */
async function echoOf(request: RawRequest): Promise<Echo> {
  const { status, body } = await callRaw(middleware.port, request);
  expect(status).toBe(200);
  return JSON.parse(body.toString()) as Echo;
}

async function faultOf(request: RawRequest): Promise<{ status: number; code: string; message: string }> {
  const { status, body } = await callRaw(middleware.port, request);
  const { error } = JSON.parse(body.toString()) as { error: { code: string; message: string } };
  return { status, ...error };
}

function open(text: string): Socket {
  const socket = connect(middleware.port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.write(text);
  return socket;
}

async function untilClosed(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(socket, 'close');
  return text;
}

const path = '/v1/embeddings';

describe('a body that is passed to LiteLLM with our key', () => {
  test('has no keys, addresses and headers of the caller in it, and every other byte as it came', async () => {
    const body =
      ' { "model":"e", "input" : "api_base", "extra_headers":{"a":"b"}, "headers":{}, "\\u0061pi_base":"http://evil", "custom_llm_provider":"x",' +
      ' "extra_body":{"api_key":"k","d":1} }';
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
      const echo = await echoOf({ path, headers: ['content-type', type], body });
      expect(echo.body).toBe(' { "model":"e", "input" : "api_base", "extra_body":{"d":1} }');
      expect(headerOf(echo.rawHeaders, 'content-length')).toBe(String(echo.body.length));
    }
  });

  test('is cleaned in chunks as well, and with white space before it', async () => {
    const socket = open(
      `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n`,
    );
    socket.write('2\r\n  \r\n');
    socket.write('f\r\n{"api_key":"k",\r\n');
    socket.write('8\r\n"a": 1 }\r\n0\r\n\r\n');
    expect(await untilClosed(socket)).toContain('"body":"  {\\"a\\": 1 }"');
  });

  test('keeps which provider has a file or a batch, and nothing else of the caller', async () => {
    const { body } = await echoOf({
      path: '/v1/fine_tuning/jobs',
      body: '{"custom_llm_provider":"azure","api_key":"k"}',
    });
    expect(body).toBe('{"custom_llm_provider":"azure"}');
  });

  test('goes with a query that has no such names either', async () => {
    const query = '?api_key=k&custom_llm_provider=azure&after=%20x&api%5Fbase=http%3A%2F%2Fevil';
    expect((await echoOf({ method: 'GET', path: `/v1/files${query}` })).url).toBe(
      '/v1/files?custom_llm_provider=azure&after=+x',
    );
    expect((await echoOf({ method: 'GET', path: '/v1/files?after=%20x&b' })).url).toBe(
      '/v1/files?after=%20x&b',
    );
  });

  test('is streamed as it came where it is no JSON object, however large', async () => {
    const form = `--x\r\ncontent-disposition: form-data; name="file"\r\n\r\n${'y'.repeat(100_000)}\r\n--x--\r\n`;
    const headers = ['content-type', 'multipart/form-data; boundary=x'];
    expect((await echoOf({ path: '/v1/files', headers, body: form })).body).toBe(form);
    for (const body of ['["api_key"]', 'null', 'v=0']) expect((await echoOf({ path, body })).body).toBe(body);
    const zipped = gzipSync('{"api_key":"k"}');
    const { rawHeaders } = await echoOf({ path, headers: ['content-encoding', 'gzip'], body: zipped });
    expect(headerOf(rawHeaders, 'content-length')).toBe(String(zipped.length));
    expect((await echoOf({ path: '/v1/batches/b/cancel' })).body).toBe('');
  });

  test('goes on as it came where it begins with white space and is no JSON object', async () => {
    for (const body of ['  ', '\n', ' ['.padStart(9_000)]) {
      const echo = await echoOf({ path, body });
      expect(echo.body).toBe(body);
      expect(headerOf(echo.rawHeaders, 'content-length')).toBe(String(body.length));
    }
    const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-length: 5\r\n\r\n`;
    const socket = open(`${head}  `);
    await once(socket, 'connect');
    // Another request, so that the white space has come by then.
    await echoOf({ path, body: '[1]' });
    socket.write('[2]');
    expect(await untilClosed(socket)).toContain('"body":"  [2]"');
  });

  test('is not looked at where our key does not go with it', async () => {
    const body = '{"api_key":"k"';
    expect((await echoOf({ path: '/key/generate', body })).body).toBe(body);
  });

  test('is refused where it cannot be read, with the place', async () => {
    expect(await faultOf({ path, body: '{"api_key":"k"' })).toMatchObject({
      status: 400,
      code: 'invalid_body',
      message: 'the request body is not a JSON object: expected "," or "}" at the end of the body',
    });
  });

  test('is refused where it is too large, or there is no room for it', async () => {
    const large = `{"a":"${'x'.repeat(12_000)}"}`;
    expect(await faultOf({ path, body: large })).toMatchObject({ status: 413, code: 'body_too_large' });
    const head = `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 9990\r\n\r\n`;
    const half = open(`${head}{"a":"${'x'.repeat(8_000)}`);
    await until(async () => {
      const { status } = await callRaw(middleware.port, { path, body: `{"a":"${'x'.repeat(9_000)}"}` });
      return status === 503;
    });
    half.destroy();
    // What was held is given back.
    await until(async () => {
      const { status } = await callRaw(middleware.port, { path, body: `{"a":"${'x'.repeat(9_000)}"}` });
      return status === 200;
    });
  });

  test('that stops coming is a 408 that names the setting, and its connection ends', async () => {
    const before = middleware.lines.length;
    const text = await untilClosed(
      open(`POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100\r\n\r\n{"a":`),
    );
    expect(text).toMatch(/^HTTP\/1\.1 408 .*within 600 ms; .*server\.bodyIdleMs/s);
    await until(() => middleware.lines.slice(before).some(({ message }) => message === 'passthrough'));
    expect(middleware.lines.slice(before).find(({ message }) => message === 'passthrough')).toMatchObject({
      status: 408,
      ending: 'client-left',
    });
  });

  test('whose client leaves in the middle is no failure of anybody', async () => {
    const before = middleware.lines.length;
    const socket = open(`POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100\r\n\r\n{"a":`);
    await once(socket, 'connect');
    socket.end();
    await until(() => middleware.lines.slice(before).some(({ message }) => message === 'passthrough'));
    expect(middleware.lines.slice(before).filter(({ level }) => level === 'error')).toEqual([]);
    expect(middleware.lines.slice(before).find(({ message }) => message === 'passthrough')).toMatchObject({
      ending: 'client-left',
    });
  });
});

describe('the body of a model call', () => {
  test('that stops coming is a 408 that names the setting, and its connection ends', async () => {
    const text = await untilClosed(
      open('POST /v1/responses HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100\r\n\r\n{"model":'),
    );
    expect(text).toMatch(/^HTTP\/1\.1 408 .*within 600 ms; .*server\.bodyIdleMs/s);
  });

  test('may come for longer than the bound, as long as something comes', async () => {
    const body = '{"model":"gpt-5","input":"hi"}';
    const socket = open(
      `POST /v1/responses HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n`,
    );
    const answer = untilClosed(socket);
    for (const letter of body) {
      socket.write(letter);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    expect(await answer).toMatch(/^HTTP\/1\.1 200 /);
  });
});
