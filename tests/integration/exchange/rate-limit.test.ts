import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says } from '../../support/fake-upstream/step.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
const [ann, bob] = ['ann-0123456789abcdef', 'bob-0123456789abcdef'];

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.use(() => says('hello'));
  middleware = await composeMiddleware(upstream.url, {
    CODEX_PLUS_API_KEYS: `${ann},${bob}`,
    CODEX_PLUS_RATE_LIMIT_ENABLED: 'true',
    CODEX_PLUS_RATE_LIMIT_MAX: '2',
    CODEX_PLUS_RATE_LIMIT_WINDOW_MS: '3600000',
  });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

function call(key: string, path = '/v1/chat/completions'): request.Test {
  return request(middleware.url)
    .post(path)
    .set('authorization', `Bearer ${key}`)
    .send({ model: 'gpt-5', messages: [{ role: 'user', content: 'hello' }] });
}

describe('a limit per key', () => {
  test('one request too many is a 429 in the form of its API, in both lanes; others go on [API-3]', async () => {
    await call(ann).expect(200);
    await call(ann, '/v1/embeddings');
    const { length } = upstream.requests;
    const refused = await call(ann).expect(429);
    expect(refused.body).toEqual({
      error: expect.objectContaining({ code: 'rate_limit_exceeded', type: 'rate_limit_error' }),
    });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    const passed = await call(ann, '/v1/embeddings').expect(429);
    expect(passed.body).toMatchObject({ error: { code: 'rate_limit_exceeded' } });
    const claude = await call(ann, '/v1/messages').expect(429);
    expect(claude.body).toMatchObject({ type: 'error', error: { type: 'rate_limit_error' } });
    expect(upstream.requests).toHaveLength(length);
    await call(bob).expect(200);
    expect(middleware.lines).toContainEqual(
      expect.objectContaining({
        message: 'exchange',
        status: 429,
        error: 'rate_limit_exceeded',
        key: 'key-1',
      }),
    );
  });

  test('strangers are counted by their address, and what is answered here is not counted [API-3]', async () => {
    await call('no-key-of-ours').expect(401);
    await call('no-key-of-ours').expect(401);
    await call('no-key-of-ours').expect(429);
    await request(middleware.url).get('/healthz').expect(200);
    await request(middleware.url).get('/metrics').set('authorization', `Bearer ${ann}`).expect(200);
  });
});
