import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
const key = 'key-0123456789abcdef';
const names = ['codex-5', 'codex-5-low', 'codex-5-medium', 'codex-5-high', 'codex-5-minimal'];

beforeAll(async () => {
  upstream = await startFakeUpstream();
});

afterEach(() => middleware.close());
afterAll(() => upstream.close());

async function start(
  env: Readonly<Record<string, string>>,
  litellmUrl?: string,
): Promise<ComposedMiddleware> {
  return (middleware = await composeMiddleware(litellmUrl, { CODEX_PLUS_CODEX_ENABLED: 'true', ...env }));
}

const alone = { CODEX_PLUS_LITELLM_MODE: 'off', CODEX_PLUS_CODEX_PROVIDER: 'somebody' };

function ids({ body }: request.Response): readonly string[] {
  return (body as { data: { id: string }[] }).data.map(({ id }) => id);
}

describe('Codex in the list of models', () => {
  test('alone: its names in the shape of OpenAI, and to HEAD and OPTIONS what they ask for [API-2]', async () => {
    const { url } = await start(alone);
    const answer = await request(url).get('/v1/models').expect(200);
    expect(answer.body).toEqual({
      object: 'list',
      data: names.map((id) => ({ id, object: 'model', created: 0, owned_by: 'codex' })),
    });
    const head = await request(url).head('/v1/models').expect(200);
    expect(head.headers['content-type']).toMatch(/^application\/json/);
    await request(url).options('/v1/models').expect(204).expect('allow', 'GET, HEAD, OPTIONS');
  });

  test('beside the others, with LiteLLM and without it [API-2]', async () => {
    const { url, setLitellm } = await start({ CODEX_PLUS_CODEX_LISTED_AS: 'dev' }, upstream.url);
    const both = await request(url).get('/v1/models').expect(200);
    expect(both.body).toMatchObject({
      object: 'list',
      data: [{ id: 'gpt-5', object: 'model' }, {}, {}, {}, {}, {}],
    });
    const listed = names.map((name) => name.replace('codex', 'codev'));
    expect(ids(both).slice(1)).toEqual(listed);
    const health = await request(url).get('/health').expect(200);
    expect(health.body).toMatchObject({ codex: { models: listed } });
    const ofAnthropic = request(url).get('/v1/models').set('anthropic-version', '2023-06-01');
    expect((await ofAnthropic.expect(200)).body).toMatchObject({
      data: [{ id: 'gpt-5' }, { type: 'model' }, {}, {}, {}, { type: 'model', id: 'codev-5-minimal' }],
      last_id: 'codev-5-minimal',
    });
    await request(url).head('/v1/models').expect(200);
    setLitellm(undefined);
    expect(ids(await request(url).get('/v1/models').expect(200))).toEqual(
      expect.arrayContaining(['gpt-5', 'codev-5-high']),
    );
    const catalog = await request(url).get('/v1/models?client_version=0.171.0').expect(200);
    expect(catalog.text).toContain('"slug":"codev-5-minimal"');
  });

  test('where a key is asked, strangers get nothing, or the names alone where they may know them [API-2]', async () => {
    const guarded = await start({ CODEX_PLUS_API_KEYS: key }, upstream.url);
    const refused = await request(guarded.url).get('/v1/models').expect(401);
    expect(refused.headers['www-authenticate']).toMatch(/^Bearer/);
    await request(guarded.url).head('/v1/models').expect(401);
    await request(guarded.url).options('/v1/models').expect(204);
    await guarded.close();
    const { url } = await start(
      { CODEX_PLUS_API_KEYS: key, CODEX_PLUS_CODEX_OPEN_NAMES: 'true' },
      upstream.url,
    );
    expect(ids(await request(url).get('/v1/models').expect(200))).toEqual(names);
    expect(ids(await request(url).get('/v1/models').set('authorization', `Bearer ${key}`))).toContain(
      'gpt-5',
    );
    await request(url).post('/v1/chat/completions').send({ model: 'codex-5', messages: [] }).expect(401);
  });
});

describe('Codex among what is there', () => {
  test('the health check says what its commands may do, and it is ready without LiteLLM [API-2]', async () => {
    const { url } = await start(alone);
    await request(url).get('/healthz').expect(200, { ok: true, sandbox_mode: 'read-only' });
    await request(url).get('/readyz').expect(200, { ready: true });
  });

  test('Codex that calls us is not ready while nobody answers us [API-2]', async () => {
    const { url } = await start({});
    await request(url).get('/readyz').expect(503);
  });

  test('an unknown name is told which there are [API-2]', async () => {
    const { url } = await start(alone);
    const asked = { model: 'codex-6', messages: [{ role: 'user', content: 'hello' }] };
    const answer = await request(url).post('/v1/chat/completions').send(asked).expect(404);
    expect(answer.body).toMatchObject({
      error: { code: 'model_not_found', message: expect.stringContaining(names.join(', ')) },
    });
  });

  test('nobody is told how many streams run unless that is for a test [API-3]', async () => {
    const { url } = await start(alone);
    const answer = await request(url).get('/__test/conc');
    expect(answer.status).not.toBe(200);
  });
});
