import { writeFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { madeUpJwt } from '../../support/made-up-jwt.ts';
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
