import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { rootDir } from '../../support/compose-middleware.ts';
import { composeWithChatgpt, type ComposedPair } from '../../support/compose-with-chatgpt.ts';
import { says, streams } from '../../support/fake-upstream/step.ts';
import { callRaw, comparable } from '../../support/raw-client.ts';
import { madeUpJwt } from '../../support/made-up-jwt.ts';

let upstream: ComposedPair['upstream'];
let middleware: ComposedPair['middleware'];
let close: ComposedPair['close'];

beforeAll(async () => {
  ({ upstream, middleware, close } = await composeWithChatgpt());
});

afterAll(() => close());

beforeEach(() => {
  upstream.use(() => says('hello'));
});

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

interface Recorded {
  readonly headers: readonly (readonly [string, string])[];
  readonly body: unknown;
}

/** Requests of the real Codex CLI, with its names and order of headers. */
function recorded(name: string): { headers: string[]; body: Buffer } {
  const { headers, body } = JSON.parse(
    readFileSync(join(rootDir, 'tests/fixtures/codex-requests', `${name}.json`), 'utf8'),
  ) as Recorded;
  const dropped = new Set(['host', 'content-length', 'authorization', 'content-encoding']);
  return {
    headers: headers.filter(([header]) => !dropped.has(header.toLowerCase())).flat(),
    body: Buffer.from(JSON.stringify(body)),
  };
}

const shapes = ['classic', 'lite'] as const;

describe('what a request looks like at the upstream', () => {
  for (const shape of shapes) {
    test(`Codex's ${shape} request reaches LiteLLM with its bytes and its headers in their order, but for the credential [PX-2]`, async () => {
      const { headers, body } = recorded(shape);
      const request = {
        path: '/v1/responses',
        headers: [...headers, 'authorization', 'Bearer sk-client'],
        body,
      };
      await callRaw(upstream.port, request);
      await callRaw(middleware.port, request);
      const [direct, through] = upstream.requests.slice(-2);
      expect(sha256(through!.raw)).toBe(sha256(direct!.raw));
      expect(comparable(through!.rawHeaders, ['authorization', 'x-litellm-call-id'])).toEqual(
        comparable(direct!.rawHeaders, ['authorization']),
      );
    });

    test(`Codex's ${shape} request with a ChatGPT login reaches the backend as a direct call would, zstd bytes included [PX-2] [RT-2]`, async () => {
      const { headers, body } = recorded(shape);
      const request = {
        path: '/v1/responses',
        headers: [
          ...headers,
          ...[
            'content-encoding',
            'zstd',
            'authorization',
            `Bearer ${madeUpJwt()}`,
            'chatgpt-account-id',
            'acc-1',
          ],
        ],
        body: zstdCompressSync(body),
      };
      await callRaw(upstream.port, { ...request, path: '/backend-api/codex/responses' });
      await callRaw(middleware.port, request);
      const [direct, through] = upstream.requests.slice(-2);
      expect(through!.url).toBe(direct!.url);
      expect(sha256(through!.raw)).toBe(sha256(direct!.raw));
      expect(comparable(through!.rawHeaders)).toEqual(comparable(direct!.rawHeaders));
    });
  }

  test('a compressed body reaches LiteLLM, which takes none, decoded and otherwise unchanged [PX-2]', async () => {
    const body = Buffer.from('{ "model" : "gpt-5", "input":"ä\\u00e4" ,"unknown":[1.0,1e3] }');
    for (const [encoding, bytes] of [
      ['gzip', gzipSync(body)],
      ['zstd', zstdCompressSync(body)],
    ] as const) {
      await callRaw(middleware.port, {
        path: '/v1/responses',
        headers: ['Content-Encoding', encoding],
        body: bytes,
      });
      const seen = upstream.requests.at(-1)!;
      expect(seen.raw.toString()).toBe(body.toString());
      expect(seen.rawHeaders.map((entry) => entry.toLowerCase())).not.toContain('content-encoding');
    }
  });

  for (const path of ['/responses', '/v1/responses', '/v1/v1/responses', '/v1/responses?a=b']) {
    test(`a base URL with or without /v1 means the same: ${path} [PX-1]`, async () => {
      const { status } = await callRaw(middleware.port, { path, body: '{"model":"gpt-5","input":"hi"}' });
      expect(status).toBe(200);
      expect(upstream.requests.at(-1)!.url).toBe(path.includes('?') ? '/v1/responses?a=b' : '/v1/responses');
    });
  }

  for (const [path, shape] of [
    ['/v1/chat/completions', { object: 'chat.completion' }],
    ['/v1/messages', { type: 'message' }],
  ] as const) {
    test(`${path} is answered in its own shape [PX-1]`, async () => {
      const body = '{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}';
      const { body: answer } = await callRaw(middleware.port, { path, body });
      expect(JSON.parse(answer.toString())).toMatchObject(shape);
    });
  }

  test('a body that comes in pieces of any size is put together byte for byte [PX-1]', async () => {
    const body = Buffer.from(JSON.stringify({ model: 'gpt-5', input: 'é€😀 text '.repeat(20_000) }));
    const call = httpRequest({ port: middleware.port, method: 'POST', path: '/v1/responses' });
    const answered = once(call, 'response') as Promise<[IncomingMessage]>;
    let size = 1;
    for (let at = 0; at < body.length; at += size) {
      size = (size * 7) % 9_001;
      call.write(body.subarray(at, at + size));
    }
    call.end();
    const [answer] = await answered;
    answer.resume();
    await once(answer, 'end');
    expect(upstream.requests.at(-1)!.raw.equals(body)).toBe(true);
  });

  test('hop-by-hop headers, our own and forged LiteLLM credentials end here', async () => {
    await callRaw(middleware.port, {
      path: '/v1/responses',
      headers: [
        ...[
          'Keep-Alive',
          'timeout=5',
          'TE',
          'trailers',
          'X-Mine',
          'kept',
          'x-codex-plus-key',
          'k',
          'X-No-Keepalive',
          '1',
        ],
        ...[
          'x-litellm-api-key',
          'sk-x',
          'x-api-key',
          'sk-y',
          'chatgpt-account-id',
          'acc',
          'proxy-authorization',
          'z',
        ],
      ],
      body: '{"model":"gpt-5","input":"hi"}',
    });
    expect(comparable(upstream.requests.at(-1)!.rawHeaders, ['x-litellm-call-id'])).toEqual([
      ['X-Mine', 'kept'],
      ['authorization', 'Bearer sk-test-master-0123456789abcdef'],
    ]);
  });
});

const eventStream = [
  'event: response.created\r\ndata: {"type":"response.created","response":{"id":"r"}}\r\n\r\n',
  ': a comment\n\n',
  'data:{"type":"response.output_text.delta","delta":"ä\u2028ö 😀"}\n\n',
  'event: unknown\ndata: first\ndata: second\n\n',
  'data: {"type":"response.completed","response":{"id":"r","usage":null}}\n\n',
].join('');

describe('what an answer looks like at the client', () => {
  test('the bytes of an event stream are the same, cut at every possible place [PX-2]', async () => {
    const bytes = Buffer.from(eventStream);
    for (let at = 1; at < bytes.length; at += 1) {
      upstream.use(() => streams([bytes.subarray(0, at), bytes.subarray(at)]));
      const answer = await callRaw(middleware.port, {
        path: '/v1/responses',
        body: '{"model":"m","stream":true}',
      });
      expect(answer.body.equals(bytes)).toBe(true);
      expect(answer.isWhole).toBe(true);
    }
  });

  test('status, reason and headers come back in order, without those of LiteLLM itself; Codex headers under their own names [PX-2]', async () => {
    upstream.use(() => ({
      kind: 'bytes',
      status: 429,
      headers: [
        ...[
          'Content-Type',
          'application/json',
          'X-Two',
          'a',
          'X-Two',
          'b',
          'x-litellm-call-id',
          'c',
          'Set-Cookie',
          'q=1',
        ],
        ...[
          'llm_provider-x-codex-primary-used-percent',
          '7',
          'llm_provider-retry-after',
          '9',
          'llm_provider-server',
          's',
        ],
        ...[
          'openai-model',
          'gpt-5-2025',
          'llm_provider-openai-model',
          'gpt-5-2025',
          'x-litellm-model-api-base',
          'http://x',
        ],
      ],
      pieces: [Buffer.from('{"error":{"message":"slow down"}}')],
    }));
    const answer = await callRaw(middleware.port, { path: '/v1/responses', body: '{"model":"m"}' });
    expect({ ...answer, body: answer.body.toString() }).toEqual({
      status: 429,
      headers: [
        ...[
          'Content-Type',
          'application/json',
          'X-Two',
          'a',
          'X-Two',
          'b',
          'Set-Cookie',
          'q=1',
          'Date',
          expect.any(String),
        ],
        ...[
          'x-codex-primary-used-percent',
          '7',
          'retry-after',
          '9',
          'x-request-id',
          expect.stringMatching(/^[\w-]{36}$/),
          'Connection',
          'close',
          'Transfer-Encoding',
          'chunked',
        ],
      ],
      body: '{"error":{"message":"slow down"}}',
      isWhole: true,
    });
  });
});
