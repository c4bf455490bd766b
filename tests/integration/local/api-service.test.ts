import { afterEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';

type Env = Readonly<Record<string, string>>;

const key = 'key-0123456789abcdef';
let middleware: ComposedMiddleware;

afterEach(() => middleware.close());

/** The service over Codex alone, or a middleware with settings of a file. */
async function start(env: Env, asApi = true): Promise<string> {
  middleware = await composeMiddleware(undefined, env, undefined, { asApi });
  return middleware.url;
}

describe('what calls used', () => {
  test('is told by the service without being asked for, to those with its key [API-2]', async () => {
    const url = await start({ PROXY_API_KEY: key });
    await request(url).get('/v1/usage').expect(401);
    const told = await request(url).get('/v1/usage').set('authorization', `Bearer ${key}`).expect(200);
    expect(told.body).toMatchObject({ object: 'list', data: [], total: { requests: 0 } });
  });

  test.each<readonly [Env, boolean, string]>([
    [{ CODEX_PLUS_USAGE_ENABLED: 'false' }, true, 'CODEX_PLUS_USAGE_ENABLED'],
    [{}, false, 'usage.enabled in codex_plus.json'],
    [{ CODEX_PLUS_LITELLM_MODE: 'off' }, false, 'usage.enabled in codex_plus.json'],
  ])('%j, service %s: where it is switched off, its setting is told [API-2]', async (env, asApi, setting) => {
    const answer = await request(await start(env, asApi))
      .get('/v1/usage')
      .expect(404);
    expect(answer.body).toMatchObject({
      error: { code: 'not_served', message: expect.stringContaining(setting) },
    });
  });
});

describe('a path that nothing answers', () => {
  test.each<readonly [string, Env, boolean, string]>([
    ['/__test/conc', {}, true, 'PROXY_TEST_ENDPOINTS'],
    ['/__test/conc', { CODEX_PLUS_CODEX_ENABLED: 'true' }, false, 'codex.testEndpoints'],
    ['/v1/nothing?token=secret', {}, true, 'nothing answers at /v1/nothing here'],
  ])('%s is a 404 and no LiteLLM that is stopped [API-2]', async (path, env, asApi, said) => {
    const answer = await request(await start(env, asApi))
      .get(path)
      .expect(404);
    expect(answer.headers['x-should-retry']).toBe('false');
    expect(answer.body).toMatchObject({
      error: { code: 'not_served', message: expect.stringContaining(said) },
    });
    expect(answer.text).not.toMatch(/secret|LiteLLM/);
  });
});
