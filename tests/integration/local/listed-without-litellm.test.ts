import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { createCliPlace, type CliPlace } from '../cli/cli-place.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';

const config = `model_list:
  - { model_name: gpt, litellm_params: { model: openai/gpt-5 } }
  - { model_name: anthropic/claude, litellm_params: { model: anthropic/claude-sonnet-5 } }
`;

const ownKey = 'a-key-of-ours-0123456789';

let folder: string;
let place: CliPlace;
const ways = new Map<string, ComposedMiddleware>();

beforeAll(async () => {
  folder = await makeTestFolder('listed-without-litellm');
  const file = join(folder, 'litellm_config.yaml');
  await writeFile(file, config);
  const env = { CODEX_PLUS_LITELLM_CONFIG: file, OPENAI_API_KEY: 'sk-1', ANTHROPIC_API_KEY: 'sk-2' };
  ways.set('down', await composeMiddleware(undefined, env));
  ways.set('keyed', await composeMiddleware(undefined, { ...env, CODEX_PLUS_API_KEYS: ownKey }));
  place = createCliPlace();
  ways.set('off', await composeMiddleware(undefined, { ...env, CODEX_PLUS_LITELLM_MODE: 'off' }));
});

afterAll(async () => {
  await Promise.all([...ways.values()].map((each) => each.close()));
  place.remove();
  await rm(folder, { recursive: true, force: true });
});

test.each(['down', 'off'])(
  '[RT-3] clients of Anthropic get its shape of the list while LiteLLM is %s',
  async (state) => {
    const { url } = ways.get(state)!;
    const client = new Anthropic({ baseURL: url, apiKey: 'x' });
    const page = await client.models.list();
    expect([page.has_more, page.first_id, page.last_id]).toEqual([false, 'gpt', 'anthropic/claude']);
    expect(page.data.map(({ type, id, display_name }) => [type, id, display_name])).toEqual([
      ['model', 'gpt', 'gpt'],
      ['model', 'anthropic/claude', 'anthropic/claude'],
    ]);
    expect(await client.models.retrieve('gpt')).toMatchObject({ type: 'model', id: 'gpt' });
    await expect(client.models.retrieve('nope')).rejects.toMatchObject({ status: 404 });
  },
);

test.each(['down', 'off'])('[RT-3] clients of OpenAI get its shape while LiteLLM is %s', async (state) => {
  const { url } = ways.get(state)!;
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'x' });
  const page = await client.models.list();
  expect(page.data.map(({ object, id }) => [object, id])).toEqual([
    ['model', 'gpt'],
    ['model', 'anthropic/claude'],
  ]);
  const answer = await fetch(`${url}/v1/models/anthropic/claude`);
  expect(await answer.json()).toMatchObject({
    object: 'model',
    id: 'anthropic/claude',
    owned_by: 'anthropic',
  });
  await expect(client.models.retrieve('nope')).rejects.toMatchObject({
    status: 404,
    code: 'model_not_found',
  });
});

test.each(['down', 'off'])('[OPS-4] status tells what is served while LiteLLM is %s', async (state) => {
  const { url } = ways.get(state)!;
  const { stdout, exitCode } = await place.run(['status', '--url', url]);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^codex-plus {2}ok, but without LiteLLM, version /);
  expect(stdout).toContain('\nmodels      gpt, anthropic/claude\n');
});

test('[OPS-4] `models` says which variable a key is asked in, and sends it', async () => {
  const { url } = ways.get('keyed')!;
  const ask = (key?: string) =>
    place.run(['models', '--url', url], { env: { ...place.env, CODEX_PLUS_KEY: key } });
  expect(await ask()).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('asks for one of its keys (server.apiKeys): set CODEX_PLUS_KEY to one'),
  });
  expect((await ask('another-key-0123456789')).stderr).toContain('that in CODEX_PLUS_KEY is none');
  expect((await ask(ownKey)).stdout).toContain('anthropic/claude');
});

test.each(['down', 'off'])(
  '[OPS-4] `models` says that facts are assumed while LiteLLM is %s',
  async (state) => {
    const { url } = ways.get(state)!;
    const { stdout } = await place.run(['models', '--url', url]);
    expect(stdout).toContain('128000?');
    expect(stdout).toMatch(/^LiteLLM is not ready \(.+\): what it never told of a model is assumed$/m);
  },
);
