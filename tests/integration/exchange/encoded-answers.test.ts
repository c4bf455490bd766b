import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { composeWithChatgpt, type ComposedPair } from '../../support/compose-with-chatgpt.ts';
import type { Step } from '../../support/fake-upstream/step.ts';
import { madeUpJwt } from '../../support/made-up-jwt.ts';
import { callRaw, headerOf } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

const encoders = [
  ['zstd', zstdCompressSync],
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
  ['deflate', deflateSync],
] as const;
const frame = (event: object): string => `data: ${JSON.stringify(event)}\n\n`;
const created = frame({ type: 'response.created', response: { id: 'resp_1', output: [] } });
const usage = { input_tokens: 7, output_tokens: 3, total_tokens: 10 };
const completed = frame({ type: 'response.completed', response: { id: 'resp_1', output: [], usage } });

/** Encodes as a server does: what its client asks for, and nothing where it does not. */
function encoding(text: string, rawHeaders: readonly string[], then: 'end' | 'reset' = 'end'): Step {
  const asked = headerOf(rawHeaders, 'accept-encoding') ?? '';
  const found = encoders.find(([known]) => asked.includes(known));
  const headers = ['content-type', text.startsWith('{') ? 'application/json' : 'text/event-stream'];
  if (found === undefined) return { kind: 'bytes', headers, pieces: [Buffer.from(text)], then };
  const [name, encode] = found;
  return {
    kind: 'bytes',
    headers: [...headers, 'content-encoding', name],
    pieces: [encode(Buffer.from(text))],
    then,
  };
}

describe('a client that takes encoded answers, of an upstream that makes them', () => {
  let upstream: ComposedPair['upstream'];
  let middleware: ComposedPair['middleware'];
  let close: ComposedPair['close'];

  beforeAll(async () => {
    ({ upstream, middleware, close } = await composeWithChatgpt());
  });

  afterAll(() => close());

  async function ask(
    name: string,
    headers: readonly string[],
    stream = true,
  ): Promise<{ text: string; line: Readonly<Record<string, unknown>> | undefined }> {
    const before = middleware.lines.length;
    const answer = await callRaw(middleware.port, {
      path: '/v1/responses',
      headers: ['Accept-Encoding', name, ...headers],
      body: JSON.stringify({ model: 'm', stream, input: 'hi' }),
    });
    const lineOf = (): Readonly<Record<string, unknown>> | undefined =>
      middleware.lines.slice(before).find(({ message }) => message === 'exchange');
    await until(() => lineOf() !== undefined);
    return { text: answer.body.toString(), line: lineOf() };
  }

  const lanes = [
    ['passed on', []],
    ['read by a filter', ['x-codex-plus-sentences', '1']],
    ['with a ChatGPT login', ['authorization', `Bearer ${madeUpJwt()}`, 'chatgpt-account-id', 'acc']],
  ] as const;

  for (const [lane, headers] of lanes) {
    for (const name of ['zstd,gzip', 'gzip', 'br', 'deflate, gzip']) {
      test(`${lane}: what it used is known, and an end in the middle is told (${name}) [PX-1] [PX-4]`, async () => {
        upstream.use(({ rawHeaders }) => encoding(created + completed, rawHeaders));
        const whole = await ask(name, headers);
        expect(whole.text).toBe(created + completed);
        expect(whole.line).toMatchObject({ inputTokens: 7, outputTokens: 3, ending: 'completed' });

        upstream.use(({ rawHeaders }) => encoding(created, rawHeaders));
        const half = await ask(name, headers);
        expect(half.text).toMatch(/"type":"response\.failed".*"id":"resp_1"/);
        expect(half.line).toMatchObject({ error: 'stream_incomplete', ending: 'upstream-broke' });

        upstream.use(({ rawHeaders }) =>
          encoding(JSON.stringify({ id: 'resp_1', output: [], usage }), rawHeaders),
        );
        expect((await ask(name, headers, false)).line).toMatchObject({ inputTokens: 7, outputTokens: 3 });
      });
    }
  }

  test('a client that says nothing of encodings is not given a word about them [PX-2]', async () => {
    upstream.use(({ rawHeaders }) => encoding(created + completed, rawHeaders));
    await callRaw(middleware.port, {
      path: '/v1/responses',
      body: '{"model":"m","stream":true,"input":"hi"}',
    });
    expect(headerOf(upstream.requests.at(-1)?.rawHeaders ?? [], 'accept-encoding')).toBeUndefined();
  });

  test('what is passed through is asked for as the client asks [PX-2]', async () => {
    const answer = await callRaw(middleware.port, {
      ...{ method: 'GET', path: '/v1/files' },
      headers: ['Accept-Encoding', 'zstd,gzip'],
    });
    // The fake says what it got.
    expect(answer.body.toString()).toContain('"Accept-Encoding","zstd,gzip"');
  });
});
