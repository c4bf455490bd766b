import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { composeMiddleware, masterKey, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { status, streams, type Step } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

const openaiKey = 'Zq7-what-openai-is-called-with';
const anthropicKey = 'Zq7-what-anthropic-is-called-with';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
let direct: ComposedMiddleware;
let told: string;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.deploys([deployment('claude-3-5-sonnet', 'anthropic'), deployment('gpt-5', 'openai')]);
  const env = {
    ...{ OPENAI_API_BASE: `${upstream.url}/v1`, OPENAI_API_KEY: openaiKey },
    ...{ ANTHROPIC_API_BASE: upstream.url, ANTHROPIC_API_KEY: anthropicKey },
  };
  middleware = await composeMiddleware(upstream.url, env);
  direct = await composeMiddleware(undefined, env);
  told = `no ${openaiKey}, no ${anthropicKey}, no ${masterKey} at ${upstream.url}/v1/x`;
});

afterAll(async () => {
  await middleware.close();
  await direct.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.forget();
});

interface Asked {
  readonly path: string;
  readonly model: string;
  readonly stream: boolean;
}

const asked: readonly Asked[] = ['/v1/responses', '/v1/chat/completions', '/v1/messages'].flatMap((path) =>
  ['gpt-5', 'claude-3-5-sonnet'].flatMap((model) => [true, false].map((stream) => ({ path, model, stream }))),
);

function call({ port }: ComposedMiddleware, { path, model, stream }: Asked): ReturnType<typeof callRaw> {
  const messages = [{ role: 'user', content: 'hi' }];
  const said = path === '/v1/responses' ? { input: 'hi' } : { messages, max_tokens: 9 };
  return callRaw(port, { path, body: JSON.stringify({ model, stream, ...said }) });
}

/** What a client may have of it. */
function expectNothingSecret(answer: { readonly headers: readonly string[]; readonly body: Buffer }): void {
  const all = `${answer.headers.join('\n')}\n${answer.body.toString()}`;
  for (const secret of [openaiKey, anthropicKey, masterKey, upstream.url, `127.0.0.1:${upstream.port}`])
    expect(all).not.toContain(secret);
}

const refusals: readonly (readonly [string, () => Step])[] = [
  ['a wrong key', () => status(401, { error: { message: told } })],
  [
    'a refusal',
    () => status(400, { type: 'error', error: { type: 'invalid_request_error', message: told } }),
  ],
  ['a fault', () => status(500, { error: { message: told } }, ['x-odd', told])],
  ['a page of a proxy', () => status(503, `<html>${told}</html>`)],
  [
    'what is longer than an error',
    () => status(400, { error: { message: `${'x'.repeat(300_000)} ${told}` } }, ['x-odd', told]),
  ],
];

describe.each(refusals)('[SEC-3] no key and no address is in what clients get of %s', (_what, step) => {
  test.each(asked)('through LiteLLM and without it: $path $model $stream', async (each) => {
    upstream.use(step);
    for (const way of [middleware, direct]) {
      const answer = await call(way, each);
      expect(answer.isWhole).toBe(true);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expectNothingSecret(answer);
    }
  });
});

/** How each API says in a stream that it failed. */
function failingStream(url: string): Step {
  const error = { type: 'api_error', code: 'server_error', message: told };
  if (url.endsWith('/responses')) {
    const response = { id: 'r', object: 'response', status: 'in_progress', error: null, output: [] };
    const failed = { type: 'response.failed', response: { ...response, status: 'failed', error } };
    return streams([
      `event: response.created\ndata: ${JSON.stringify({ type: 'response.created', response })}\n\n`,
      `event: response.failed\ndata: ${JSON.stringify(failed)}\n\n`,
    ]);
  }
  if (url.endsWith('/messages'))
    return streams([`event: error\ndata: ${JSON.stringify({ type: 'error', error })}\n\n`]);
  return streams([`data: ${JSON.stringify({ error })}\n\n`, 'data: [DONE]\n\n']);
}

test.each(asked)('[SEC-3] nor in a stream that fails: $path $model $stream', async (each) => {
  upstream.use(({ url, json }) => {
    if (json?.['stream'] === true) return failingStream(url);
    const error = { type: 'server_error', message: told };
    return status(200, url.endsWith('/responses') ? { id: 'r', status: 'failed', error } : { error });
  });
  for (const way of [middleware, direct]) expectNothingSecret(await call(way, each));
});

test.each(asked)('[SEC-3] nor in one that is longer than an error: $path $model $stream', async (each) => {
  const long = (error: object): object => ({ error: { ...error, more: 'x'.repeat(300_000), again: told } });
  upstream.use(({ json }) =>
    json?.['stream'] === true
      ? streams([`event: error\ndata: ${JSON.stringify({ type: 'error', ...long({ message: told }) })}\n\n`])
      : status(200, long({ type: 'server_error', message: told })),
  );
  for (const way of [middleware, direct]) expectNothingSecret(await call(way, each));
});

test('[SEC-3] nor in errors of what is only passed through', async () => {
  upstream.use(() => status(401, { error: { message: told } }));
  const plain = await callRaw(middleware.port, {
    path: '/v1/embeddings/chat/completions',
    body: '{"model":"x"}',
  });
  expect(plain.status).toBe(400);
  expectNothingSecret(plain);
  upstream.use(() => status(401, `${'x'.repeat(300_000)} ${told}`, ['x-odd', told]));
  const long = await callRaw(middleware.port, {
    path: '/v1/embeddings/chat/completions',
    body: '{"model":"x"}',
  });
  expect(long.body.length).toBeGreaterThan(300_000);
  expectNothingSecret(long);
});

test('[SEC-3] nor in the log', async () => {
  upstream.use(() =>
    status(400, { error: { message: `litellm.BadRequestError: OpenAIException - ${told}` } }),
  );
  await call(middleware, { path: '/v1/responses', model: 'gpt-5', stream: true });
  const reason = (): unknown =>
    middleware.lines.findLast(({ message }) => message === 'exchange')?.['reason'];
  await until(() => String(reason()).includes('no '));
  for (const secret of [openaiKey, anthropicKey])
    expect(JSON.stringify(middleware.lines)).not.toContain(secret);
});

test('[SEC-3] [PX-2] what a model says keeps every byte, whatever is in it', async () => {
  const frames = [
    `data: {"choices":[{"delta":{"content":"\\"error\\": ${openaiKey}"}}]}\n\n`,
    `data: {"choices":[{"delta":{"tool_calls":[{"error":{"x":"${masterKey}"}}]},"finish_reason":"stop"}]}\n\n`,
    'data: [DONE]\n\n',
  ];
  upstream.use(() => streams(frames));
  const each = { path: '/v1/chat/completions', model: 'gpt-5', stream: true };
  expect((await call(middleware, each)).body.toString()).toBe(frames.join(''));
  const whole = `{"choices":[{"message":{"content":"the error: ${openaiKey} at ${upstream.url}"}}], "x":{"error": {}}}`;
  upstream.use(() => ({
    kind: 'bytes',
    headers: ['content-type', 'application/json'],
    pieces: [Buffer.from(whole)],
  }));
  expect((await call(middleware, { ...each, stream: false })).body.toString()).toBe(whole);
});
