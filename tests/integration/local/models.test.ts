import { writeFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { madeUpJwt } from '../../support/made-up-jwt.ts';
import { createCliPlace } from '../cli/cli-place.ts';
import { until } from '../../support/until.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';

const models = `model_list:
  - model_name: gpt-5
    litellm_params: { model: openai/gpt-5 }
  - model_name: claude
    litellm_params: { model: anthropic/claude-sonnet-5 }
  - model_name: "openai/*"
    litellm_params: { model: "openai/*" }
router_settings:
  model_group_alias: { gpt-high: gpt-5 }
`;

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
let folder: string;

beforeAll(async () => {
  folder = await makeTestFolder('models');
  await writeFile(join(folder, 'litellm_config.yaml'), models);
  upstream = await startFakeUpstream();
  middleware = await composeMiddleware(upstream.url, {
    CODEX_PLUS_LITELLM_CONFIG: join(folder, 'litellm_config.yaml'),
    CODEX_PLUS_CHATGPT_BASE_URL: `${upstream.url}/backend-api/codex`,
  });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
  await rm(folder, { recursive: true });
});

interface CodexModels {
  readonly models: readonly Readonly<Record<string, unknown>>[];
}

describe('the list of models', () => {
  test('Codex gets every name and alias in its own shape, with the classic tools; wildcards are no names [PX-1]', async () => {
    for (const path of ['/v1/models', '/models']) {
      const answer = await request(middleware.url).get(`${path}?client_version=0.169.0`).expect(200);
      const { models: listed } = answer.body as CodexModels;
      expect(listed.map(({ slug }) => slug)).toEqual(['gpt-5', 'claude', 'gpt-high']);
      for (const model of listed) {
        expect(model).toMatchObject({
          use_responses_lite: false,
          shell_type: 'unified_exec',
          visibility: 'list',
          context_window: expect.any(Number),
          base_instructions: expect.stringContaining('apply_patch'),
        });
      }
      expect(answer.headers['etag']).toMatch(/^"[\w-]+"$/);
    }
  });

  test('without client_version LiteLLM answers, and while it is not there the names do [PX-1]', async () => {
    const through = await request(middleware.url).get('/v1/models').expect(200);
    expect(through.body).toEqual({ object: 'list', data: [{ id: 'gpt-5', object: 'model' }] });
    middleware.setLitellm(undefined);
    const alone = await request(middleware.url).get('/v1/models').expect(200);
    middleware.setLitellm(upstream.url);
    expect((alone.body as { data: { id: string }[] }).data.map(({ id }) => id)).toEqual([
      'gpt-5',
      'claude',
      'gpt-high',
    ]);
  });

  test("with a ChatGPT login the backend's own list comes through [RT-2]", async () => {
    const answer = await request(middleware.url)
      .get('/v1/models?client_version=0.169.0')
      .set('authorization', `Bearer ${madeUpJwt()}`)
      .expect(200);
    expect(answer.body).toEqual({ object: 'list', data: [{ id: 'gpt-5', object: 'model' }] });
  });
});

describe('what is known of each model', () => {
  const known = { mode: 'chat', supports_vision: true, supports_reasoning: true };
  const config = `model_list:
  - model_name: both
    litellm_params: { model: openai/gpt-5 }
    model_info: { max_input_tokens: 90000 }
  - model_name: both
    litellm_params: { model: azure/gpt-4o }
  - model_name: own
    litellm_params: { model: openai/my-own }
    model_info: { supports_vision: true, max_output_tokens: 1000 }
router_settings:
  model_group_alias: { alias: both }
`;
  const infos = [
    { name: 'both', model: 'openai/gpt-5', max_input_tokens: 90_000, max_output_tokens: 128_000 },
    { name: 'both', model: 'azure/gpt-4o', max_input_tokens: 128_000, max_output_tokens: 16_384 },
    { name: 'own', model: 'openai/my-own', max_output_tokens: 1_000 },
  ].map(({ name, model, ...info }) => ({
    ...{ model_name: name, litellm_params: { model } },
    model_info: name === 'own' ? { ...info, supports_vision: true } : { ...known, ...info },
  }));

  beforeAll(async () => {
    await writeFile(join(folder, 'litellm_config.yaml'), config);
    upstream.deploys(infos);
    await middleware.close();
    middleware = await composeMiddleware(upstream.url, {
      CODEX_PLUS_LITELLM_CONFIG: join(folder, 'litellm_config.yaml'),
    });
  });

  const efforts = { value: ['low', 'medium', 'high'], source: 'litellm' };
  const both = {
    ...{ object: 'model', provider: 'openai, azure', efforts },
    context_tokens: { value: 90_000, source: 'configured' },
    max_output_tokens: { value: 16_384, source: 'litellm' },
    takes_images: { value: true, source: 'litellm' },
  };

  test('is what all deployments of its name can do, and says who says it [RT-4]', async () => {
    const answer = await request(middleware.url).get('/v1/models?details').expect(200);
    expect(answer.body).toEqual({
      object: 'list',
      data: [
        { id: 'both', ...both },
        {
          ...{ id: 'own', object: 'model', provider: 'openai' },
          context_tokens: { value: 128_000, source: 'assumed' },
          max_output_tokens: { value: 1_000, source: 'configured' },
          takes_images: { value: true, source: 'configured' },
          efforts: { value: [], source: 'assumed' },
        },
        { id: 'alias', ...both },
      ],
    });
  });

  test('is what Codex offers [RT-4]', async () => {
    const answer = await request(middleware.url).get('/v1/models?client_version=0.169.0').expect(200);
    const [first, second] = (answer.body as CodexModels).models;
    expect(first).toMatchObject({ context_window: 90_000, input_modalities: ['text', 'image'] });
    expect(second).toMatchObject({ context_window: 128_000, supported_reasoning_levels: [] });
  });

  test('is printed by `codex-plus models` [RT-4]', async () => {
    const place = createCliPlace();
    const { exitCode, stdout } = await place.run(['models', '--url', middleware.url]);
    const json = await place.run(['models', '--url', middleware.url, '--json']);
    place.remove();
    expect([exitCode, stdout.split('\n')]).toEqual([
      0,
      [
        'MODEL  PROVIDER       CONTEXT  OUTPUT  IMAGES  EFFORTS',
        'both   openai, azure  90000    16384*  yes*    low,medium,high*',
        'own    openai         128000?  1000    yes     none?',
        'alias  openai, azure  90000    16384*  yes*    low,medium,high*',
        '',
        "* from LiteLLM's list of models; ? assumed, as nobody says; without a sign: from model_info in litellm_config.yaml",
        '',
      ],
    ]);
    expect(JSON.parse(json.stdout)).toMatchObject([{ id: 'both' }, { id: 'own' }, { id: 'alias' }]);
  });

  test('is not told by what is no Codex-Plus, nor where nothing runs', async () => {
    const place = createCliPlace();
    const { exitCode, stderr } = await place.run(['models', '--url', 'http://127.0.0.1:9']);
    place.remove();
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('nothing answers at http://127.0.0.1:9')]);
  });
});

test('a name with deployments at several providers tells all of them, and an alias that leads nowhere is none', async () => {
  const file = join(folder, 'twice.yaml');
  await writeFile(
    file,
    `model_list:
  - { model_name: both, litellm_params: { model: openai/gpt-5 } }
  - { model_name: both, litellm_params: { model: azure/gpt-5 } }
  - { model_name: both, litellm_params: { model: openai/gpt-5-mini } }
router_settings: { model_group_alias: { gone: nobody } }
`,
  );
  const other = await composeMiddleware(upstream.url, { CODEX_PLUS_LITELLM_CONFIG: file });
  try {
    const answer = await request(other.url).get('/v1/models?details').expect(200);
    expect(answer.body).toMatchObject({ data: [{ id: 'both', provider: 'openai, azure' }] });
  } finally {
    await other.close();
  }
});

test('without any LiteLLM, the names are those that a provider serves whose key is there [RT-3]', async () => {
  const file = join(folder, 'alone.yaml');
  await writeFile(file, models);
  const alone = await composeMiddleware(undefined, {
    CODEX_PLUS_LITELLM_CONFIG: file,
    CODEX_PLUS_LITELLM_MODE: 'off',
    OPENAI_API_KEY: 'sk-made-up',
  });
  try {
    const answer = await request(alone.url).get('/v1/models').expect(200);
    expect((answer.body as { data: { id: string }[] }).data.map(({ id }) => id)).toEqual([
      'gpt-5',
      'gpt-high',
    ]);
  } finally {
    await alone.close();
  }
});

test('what LiteLLM told of its models is listed while it is not there [RT-3]', async () => {
  const file = join(folder, 'gone.yaml');
  await writeFile(file, models);
  const limited = { ...deployment('gpt-5', 'openai'), model_info: { max_input_tokens: 272_000 } };
  upstream.deploys([limited]);
  const going = await composeMiddleware(upstream.url, {
    CODEX_PLUS_LITELLM_CONFIG: file,
    CODEX_PLUS_STATE_DIR: join(folder, 'state'),
  });
  try {
    const call = { model: 'gpt-5', messages: [{ role: 'user', content: 'hi' }] };
    await request(going.url).post('/v1/messages').send(call);
    const contexts = async (): Promise<readonly unknown[]> => {
      const answer = await request(going.url).get('/v1/models?client_version=0.169.0').expect(200);
      const listed = (answer.body as CodexModels).models;
      return listed.filter(({ slug }) => slug === 'gpt-5').map(({ context_window: window }) => window);
    };
    going.setLitellm(undefined);
    await until(async () => (await contexts())[0] === 272_000);
  } finally {
    await going.close();
    upstream.deploys([]);
  }
});
