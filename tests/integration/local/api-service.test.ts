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
    ['/v1/nothing?token=secret', {}, true, 'nothing answers at /nothing here'],
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

describe('the names of its models', () => {
  const ask = async (url: string, path: string, given?: string): Promise<string> => {
    const asked = request(url).get(path);
    return (await (given === undefined ? asked : asked.set('authorization', `Bearer ${given}`))).text;
  };

  test.each(['/v1/models', '/health'])('are told to everybody at %s [API-2]', async (path) => {
    expect(await ask(await start({ PROXY_API_KEY: key }), path)).toContain('"codex-5-high"');
  });

  test.each(['/v1/models', '/health'])(
    'are told at %s with the key alone where they are protected [API-2]',
    async (path) => {
      const url = await start({ PROXY_API_KEY: key, PROXY_PROTECT_MODELS: 'true' });
      expect(await ask(url, path)).not.toContain('codex-5');
      expect(await ask(url, path, 'a wrong key')).not.toContain('codex-5');
      expect(await ask(url, path, key)).toContain('"codex-5-high"');
    },
  );
});

test('one of the names is told to whom the list is told [API-2]', async () => {
  const open = await start({ PROXY_API_KEY: key });
  const answer = await request(open).get('/v1/models/codex-5').expect(200);
  expect(answer.body).toEqual({ id: 'codex-5', object: 'model', created: 0, owned_by: 'codex' });
  await request(open).get('/v1/models/codex-9').expect(401);
});

test('nor is one of the names where they are protected [API-2]', async () => {
  const url = await start({ PROXY_API_KEY: key, PROXY_PROTECT_MODELS: 'true' });
  await request(url).get('/v1/models/codex-5').expect(401);
});

describe('what the service does not have', () => {
  const names = 'codex-5, codex-5-low, codex-5-medium, codex-5-high, codex-5-minimal';
  const asked = { model: 'codex-6', messages: [{ role: 'user', content: 'hello' }] };

  test('an unknown model is told with the names of Codex and nothing else [API-2]', async () => {
    const url = await start({});
    const answer = await request(url).post('/v1/chat/completions').send(asked).expect(404);
    expect(answer.body).toMatchObject({
      error: { code: 'model_not_found', message: `there is no model "codex-6"; there are ${names}` },
    });
  });

  test.each<readonly [string, number, string]>([
    ['/v1/embeddings', 404, '/embeddings is not served for "codex-5"'],
    ['/v1/messages/count_tokens', 501, 'Codex has no way to'],
    ['/v1/responses/input_tokens', 501, 'Codex has no way to'],
  ])('%s for Codex is a %i that says so, with LiteLLM as well [API-2]', async (path, status, said) => {
    for (const asApi of [true, false]) {
      const url = await start({ CODEX_PLUS_CODEX_ENABLED: 'true' }, asApi);
      if (!asApi) middleware.setLitellm('http://127.0.0.1:1');
      const answer = await request(url).post(path).send({ model: 'codex-5', input: 'x' });
      expect([answer.status, answer.text]).toEqual([
        status,
        expect.stringContaining(said.replaceAll('"', '\\"')),
      ]);
      expect(answer.text).not.toContain('provider');
      if (asApi) await middleware.close();
    }
  });

  test.each<readonly ['get' | 'post' | 'delete', string, number, string | undefined]>([
    ['post', '/v1/models', 405, 'GET, HEAD, OPTIONS'],
    ['get', '/v1/chat/completions', 405, 'POST'],
    ['delete', '/v1/responses', 405, 'POST'],
    ['get', '/v1/files', 404, undefined],
    ['post', '/v1/embeddings', 404, undefined],
  ])('%s %s is a %i, with what may be sent [API-2]', async (method, path, status, allow) => {
    const answer = await request(await start({}))[method](path);
    expect([answer.status, answer.headers['allow']]).toEqual([status, allow]);
    expect(answer.body).toMatchObject({ error: { type: 'invalid_request_error' } });
    expect(answer.text).not.toMatch(/LiteLLM|provider/);
  });

  test.each(['CODEX_PLUS_CODEX_MAX_REQUEST_BYTES', 'CODEX_PLUS_MAX_BODY_BYTES'])(
    'what is larger than %s allows is refused by that name [API-2]',
    async (variable) => {
      const answer = await request(await start({ [variable]: '1024' }))
        .post('/v1/chat/completions')
        .send({ model: 'codex-5', messages: [{ role: 'user', content: 'x'.repeat(1024) }] });
      expect(answer.text).toMatch(new RegExp(`\\b${variable}\\b`));
      expect(answer.text).not.toContain('codex_plus.json');
    },
  );

  test('who may call is told by its variables [API-2]', async () => {
    const url = await start({ PROXY_API_KEY: key, PROXY_ENABLE_CORS: 'false' });
    const stranger = await request(url).get('/v1/usage').expect(401);
    expect(stranger.text).toContain('PROXY_API_KEY');
    const page = await request(url).get('/v1/models').set('origin', 'https://elsewhere.example').expect(403);
    expect(page.text).toContain('add it to CODEX_PLUS_ALLOWED_ORIGINS');
    expect(page.text).not.toContain('codex_plus.json');
  });
});

describe('a caller of the service without a key', () => {
  const said = async (content: string, headers: Readonly<Record<string, string>> = {}): Promise<string> => {
    const answer = await request(middleware.url)
      .post('/v1/chat/completions')
      .set(headers)
      .send({
        model: 'codex-5',
        messages: [
          { role: 'user', content: 'hello' },
          { role: 'assistant', content: 'Hello.' },
          { role: 'user', content },
        ],
      });
    const { choices } = answer.body as { choices: { message: { content: string } }[] };
    return choices[0]?.message.content ?? '';
  };

  test('may be somebody else on this machine, and gets no path of it [API-3] [SEC-6]', async () => {
    await start({});
    const told = [await said('/status'), await said('/plus status'), await said('/config list')];
    expect(told.join('\n')).not.toMatch(/\.codex-api|\.state|`\//);
  });

  test('has nothing written, and works in no folder of others [API-3] [SEC-6]', async () => {
    await start({});
    const here = { 'x-codex-plus-workspace': process.cwd() };
    expect(await said('/save AGENTS.md', here)).toBe('Only whoever runs this may have files written.\n');
    expect(await said('/status', here)).toContain('- Folder: none\n');
  });
});
