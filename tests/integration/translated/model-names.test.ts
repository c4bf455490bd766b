import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says } from '../../support/fake-upstream/step.ts';

let folder: string;
let litellm: FakeUpstream;
let middleware: ComposedMiddleware;

const config = `model_list:
  - { model_name: claude, litellm_params: { model: anthropic/claude-sonnet-4-5 }, model_info: { id: my-claude } }
  - { model_name: 'openai/*', litellm_params: { model: 'openai/*' } }
router_settings:
  model_group_alias: { quiet: { model: claude, hidden: true }, twice: quiet }
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'names-'));
  const configFile = join(folder, 'litellm_config.yaml');
  await writeFile(configFile, config);
  litellm = await startFakeUpstream();
  litellm.use(() => says('hello'));
  const claude = deployment('claude', 'anthropic') as { model_info: object };
  litellm.deploys([
    { ...claude, model_info: { ...claude.model_info, id: 'my-claude' } },
    deployment('openai/gpt-5.5', 'openai'),
  ]);
  middleware = await composeMiddleware(litellm.url, { CODEX_PLUS_LITELLM_CONFIG: configFile });
  middleware.setModels({ models: ['claude', 'openai/gpt-5.5'] });
});

afterAll(async () => {
  await middleware.close();
  await litellm.close();
  await rm(folder, { recursive: true });
});

afterEach(() => {
  litellm.forget();
});

async function call(path: string, body: object): Promise<{ status: number; error: unknown }> {
  const answer = await fetch(`${middleware.url}/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': 'sk-x' },
    body: JSON.stringify(body),
  });
  const { error } = (await answer.json()) as { error?: unknown };
  return { status: answer.status, error };
}

const asked = [{ role: 'user', content: 'hi' }];
const calls = [
  ['/responses', { input: 'hi' }],
  ['/chat/completions', { messages: asked }],
  ['/messages', { messages: asked, max_tokens: 9 }],
  ['/completions', { prompt: 'hi' }],
  ['/responses/compact', { input: asked }],
] as const;

describe('[RT-4] a name by which LiteLLM finds a model', () => {
  test.each(['claude', 'quiet', 'my-claude', 'anthropic/claude-sonnet-4-5'])(
    '%s is translated for',
    async (model) => {
      expect((await call('/responses', { model, input: 'hi' })).status).toBe(200);
      expect(litellm.requests.map(({ url }) => url)).toEqual(['/v1/messages']);
    },
  );

  test('with stars in it stands for what fits', async () => {
    expect((await call('/messages', { model: 'openai/gpt-6', max_tokens: 9, messages: asked })).status).toBe(
      200,
    );
    expect(litellm.requests.map(({ url }) => url)).toEqual(['/v1/responses']);
  });
});

describe('[RT-4] a name that LiteLLM has no model for', () => {
  test.each(['nobody', 'anthropic/claude-of-nobody', 'twice'])(
    '%s is told with those that there are, and LiteLLM is not asked',
    async (model) => {
      const message = `there is no model "${model}"; there are claude, openai/*`;
      for (const [path, body] of [...calls, ['/messages/count_tokens', { messages: asked }] as const]) {
        const { status, error } = await call(path, { ...body, model });
        expect([path, status, error]).toEqual([path, 404, expect.objectContaining({ message })]);
      }
      expect(litellm.requests).toEqual([]);
    },
  );

  test('tokens of one that it has are counted there', async () => {
    const { error } = await call('/messages/count_tokens', { model: 'claude', messages: asked });
    // The one that answers here as LiteLLM has no such path.
    expect(JSON.stringify(error ?? 'none')).not.toContain('there is no model');
  });
});

test.each(calls)('a call of %s that names no model is told so in its form', async (path, body) => {
  for (const model of [undefined, '', 7]) {
    const { status, error } = await call(path, { ...body, model });
    expect([status, error]).toEqual([
      400,
      expect.objectContaining({
        type: 'invalid_request_error',
        message: 'the request body names no model: add "model"',
      }),
    ]);
  }
  expect(litellm.requests).toEqual([]);
});
