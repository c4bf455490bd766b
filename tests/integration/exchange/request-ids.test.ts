import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says, status } from '../../support/fake-upstream/step.ts';
import { callRaw, headerOf } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
beforeAll(async () => {
  upstream = await startFakeUpstream();
  middleware = await composeMiddleware(upstream.url);
});
afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

function ask(
  content: string,
  model = 'm',
): ReturnType<ReturnType<Anthropic['messages']['create']>['withResponse']> {
  const client = new Anthropic({ baseURL: middleware.url, apiKey: 'made-up', maxRetries: 0 });
  return client.messages
    .create({ model, max_tokens: 9, messages: [{ role: 'user', content }] })
    .withResponse();
}

describe('the id of a request', () => {
  test('is one that the SDK of Anthropic shows, whoever answers', async () => {
    upstream.use(() => says('hello'));
    for (const prompt of ['hi', '/help']) {
      const { data, request_id: id, response } = await ask(prompt);
      expect(id).toMatch(/^[0-9a-f-]{36}$/);
      expect((data as { _request_id?: string })._request_id).toBe(id);
      expect(response.headers.get('x-request-id')).toBe(id);
    }
    upstream.use(() => status(400, { error: { message: 'no' } }));
    const failed = await ask('hi').catch((error: unknown) => error);
    expect(failed).toMatchObject({ requestID: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    middleware.setLitellm(undefined);
    const refused = await ask('hi', 'claude-3-5-sonnet').catch((error: unknown) => error);
    middleware.setLitellm(upstream.url);
    expect(refused).toMatchObject({ status: 503, requestID: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });

  test('is the provider’s own where it gave one, and is not named twice for other clients', async () => {
    upstream.use(() =>
      status(200, { type: 'message', content: [] }, ['llm_provider-request-id', 'req_theirs']),
    );
    expect((await ask('hi')).request_id).toBe('req_theirs');
    upstream.use(() => says('hello'));
    const body = '{"model":"m","messages":[{"role":"user","content":"hi"}]}';
    const { headers } = await callRaw(middleware.port, { path: '/v1/chat/completions', body });
    expect(headerOf(headers, 'x-request-id')).toBeDefined();
    expect(headerOf(headers, 'request-id')).toBeUndefined();
  });
});
