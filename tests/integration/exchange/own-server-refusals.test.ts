import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { objectIn } from '../../../middleware/kernel/json-object.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { status } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';

const address = 'http://10.9.8.7:8000/v1';
const config = `model_list:
  - model_name: mine
    litellm_params: { model: openai/my-own, api_base: '${address}', api_key: os.environ/MINE_KEY }
  - model_name: gpt-5
    litellm_params: { model: openai/gpt-5, api_key: os.environ/OPENAI_API_KEY }
`;

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
let folder: string;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.deploys([
    {
      model_name: 'mine',
      litellm_params: { model: 'openai/my-own', api_base: address },
      model_info: { mode: 'chat' },
    },
    { model_name: 'gpt-5', litellm_params: { model: 'openai/gpt-5' }, model_info: { mode: 'chat' } },
  ]);
  folder = await mkdtemp(join(tmpdir(), 'own-server-'));
  const file = join(folder, 'litellm_config.yaml');
  await writeFile(file, config);
  middleware = await composeMiddleware(upstream.url, {
    CODEX_PLUS_LITELLM_CONFIG: file,
    OPENAI_API_BASE: `${upstream.url}/v1`,
    OPENAI_API_KEY: 'sk-openai-real-0123456789',
  });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
  await rm(folder, { recursive: true });
});

/** What a client is told where the provider refuses the call, behind LiteLLM or not. */
async function told(path: string, model: string, code: number, said: string): Promise<string> {
  const ofLitellm = `litellm.AuthenticationError: AuthenticationError: OpenAIException - ${said}`;
  const headers = ['content-type', 'application/json', 'x-litellm-model-name', 'openai/my-own'];
  upstream.use(() => status(code, { error: { message: ofLitellm, code: `${code}` } }, headers));
  const asked = { model, input: 'hi', messages: [{ role: 'user', content: 'hi' }], max_tokens: 9 };
  const { body } = await callRaw(middleware.port, { path, body: JSON.stringify(asked) });
  return String(objectIn(objectIn(JSON.parse(body.toString()))['error'])['message']);
}

const paths = ['/v1/responses', '/v1/chat/completions', '/v1/messages'];

describe('[PX-6] a server of one’s own that is called as OpenAI, and refuses', () => {
  test.each(paths)('the key of its entry, is not called OpenAI: %s', async (path) => {
    middleware.setLitellm(upstream.url);
    expect(await told(path, 'mine', 401, 'Wrong key')).toBe(
      `the server of "mine" (the api_base of its entry in LiteLLM's file) refused the key that Codex-Plus has for "mine" (MINE_KEY): Wrong key`,
    );
    expect(await told(path, 'gpt-5', 401, 'Wrong key')).toBe(
      'the server that OPENAI_API_BASE names refused the key that Codex-Plus has for "gpt-5" (OPENAI_API_KEY): Wrong key',
    );
  });

  test.each(paths)('what is asked for: %s', async (path) => {
    middleware.setLitellm(upstream.url);
    expect(await told(path, 'mine', 403, 'Not from here')).toBe(
      `the server of "mine" (the api_base of its entry in LiteLLM's file) does not allow this, whatever the key: Not from here`,
    );
  });

  test('the key while LiteLLM is down', async () => {
    middleware.setLitellm(undefined);
    expect(await told('/v1/responses', 'gpt-5', 401, 'Wrong key')).toBe(
      'the server that is configured as "openai" refused the key that Codex-Plus has for "gpt-5" (OPENAI_API_KEY): Wrong key',
    );
  });
});
