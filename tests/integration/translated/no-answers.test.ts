import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { callRaw } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.deploys([deployment('gpt', 'openai'), deployment('claude', 'anthropic')]);
  middleware = await composeMiddleware(upstream.url, {});
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

const said = [{ role: 'user', content: 'x' }];
const ways = [
  ['/v1/responses', { model: 'gpt', input: said }],
  ['/v1/chat/completions', { model: 'gpt', messages: said }],
  ['/v1/messages', { model: 'claude', max_tokens: 9, messages: said }],
] as const;

async function ask(path: string, body: object, type: string, answer: string): Promise<[number, string]> {
  const headers = type === '' ? [] : ['content-type', type];
  upstream.use(() => ({ kind: 'bytes', headers, pieces: [Buffer.from(answer)] }));
  const got = await callRaw(middleware.port, { path, body: JSON.stringify(body) });
  return [got.status, got.body.toString()];
}

test.each([
  [
    'text/html',
    '<html><title>Please log in</title></html>',
    'the provider answered with the status 200 and the page \\"Please log in\\"',
  ],
  ['text/plain', 'OK', 'what is no answer of a model'],
  ['text/plain', 'idle timeout reached', 'what is no answer of a model'],
  ['application/json', 'null', 'what is no answer of a model'],
  ['application/json', '[]', 'what is no answer of a model'],
  ['application/json', '[{"error":{"message":"no"}}]', 'what is no answer of a model'],
  ['application/json', ' { }\n', 'what is no answer of a model'],
  ['', '"OK"', 'what is no answer of a model'],
])('[RT-4] is no turn of a model where it goes on as it came: %s %s', async (type, answer, words) => {
  for (const [path, body] of ways)
    for (const stream of [false, true]) {
      const got = await ask(path, { ...body, stream }, type, answer);
      expect([path, stream, ...got]).toEqual([path, stream, 502, expect.stringContaining(words)]);
    }
});

test('[PX-2] an answer under another type than its own passes as it is', async () => {
  const frames =
    'data: {"choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
  const whole = '{"choices":[{"index":0,"message":{"content":"hi"},"finish_reason":"stop"}]}';
  const [, [path, body]] = ways;
  for (const type of ['text/plain', 'text/html']) {
    expect(await ask(path, { ...body, stream: true }, type, frames)).toEqual([200, frames]);
    expect(await ask(path, { ...body, stream: false }, type, whole)).toEqual([200, whole]);
  }
});
