import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says, streams } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.deploys([
    deployment('gpt', 'openai'),
    deployment('claude', 'anthropic'),
    deployment('gemini', 'gemini'),
  ]);
  middleware = await composeMiddleware(upstream.url, {
    ...{ OPENAI_API_BASE: `${upstream.url}/v1`, OPENAI_API_KEY: 'sk-openai-real' },
    ...{ ANTHROPIC_API_BASE: upstream.url, ANTHROPIC_API_KEY: 'sk-ant-real' },
  });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.forget();
  middleware.setLitellm(upstream.url);
});

const cut = 'cut in \ud83d';
const messages = [{ role: 'user', content: cut }];
const calls = [
  ['/v1/responses', { input: cut }],
  ['/v1/chat/completions', { messages }],
  ['/v1/messages', { messages, max_tokens: 9 }],
] as const;

describe.each(['gpt', 'claude', 'gemini'])('[RT-5] half of a letter in a conversation with %s', (model) => {
  test.each(calls)('reaches LiteLLM as U+FFFD: %s', async (path, body) => {
    upstream.use(() => says('Done.'));
    await callRaw(middleware.port, { path, body: JSON.stringify({ model, ...body }) });
    expect(upstream.requests).toHaveLength(1);
    expect(upstream.requests[0]?.raw.toString()).toMatch(/cut in (?:\ufffd|\\ufffd)"/);
  });
});

describe.each(['gpt-5', 'claude-sonnet-5'])('[RT-5] half of a letter in a conversation with %s', (model) => {
  test.each(calls)('reaches the provider itself as U+FFFD: %s', async (path, body) => {
    middleware.setLitellm(undefined);
    upstream.use(() => says('Done.'));
    await callRaw(middleware.port, { path, body: JSON.stringify({ model, ...body }) });
    expect(upstream.requests).toHaveLength(1);
    expect(upstream.requests[0]?.raw.toString()).toMatch(/cut in (?:\ufffd|\\ufffd)"/);
  });
});

test('[RT-5] halves that a provider sends one behind the other are one letter for the client', async () => {
  const chunk = (delta: object, end: string | null = null): string =>
    `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta, finish_reason: end }] })}\n\n`;
  const pieces = [chunk({ content: 'a\ud83d' }), chunk({ content: '\ude00b' }), chunk({}, 'stop')];
  upstream.use(() => streams([...pieces, 'data: [DONE]\n\n']));
  const body = JSON.stringify({ model: 'gemini', input: 'hi', stream: true });
  const answer = (await callRaw(middleware.port, { path: '/v1/responses', body })).body.toString();
  expect(answer).not.toMatch(/\\ud83d|\\ude00/i);
  expect(answer).toContain('"text":"a😀b"');
});
