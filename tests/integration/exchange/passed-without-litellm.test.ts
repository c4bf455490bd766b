import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { callRaw, headerOf } from '../../support/raw-client.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';

const config = `model_list:
  - { model_name: gpt, litellm_params: { model: openai/gpt-5, api_key: os.environ/OPENAI_API_KEY } }
  - { model_name: claude, litellm_params: { model: anthropic/claude-sonnet-5, api_key: os.environ/ANTHROPIC_API_KEY } }
  - { model_name: second, litellm_params: { model: openai/embedding-3, api_key: os.environ/SECOND_KEY } }
  - { model_name: keyless, litellm_params: { model: openai/gpt-5, api_key: os.environ/NOBODY_SET } }
  - { model_name: private, litellm_params: { model: openai/mine, api_base: 'http://127.0.0.1:9/v1', api_key: os.environ/SECOND_KEY } }
router_settings: { model_group_alias: { named: second } }
`;

let folder: string;
let openai: FakeUpstream;
let anthropic: FakeUpstream;
let down: ComposedMiddleware;
let off: ComposedMiddleware;

beforeAll(async () => {
  folder = await makeTestFolder('passed-without-litellm');
  const file = join(folder, 'litellm_config.yaml');
  await writeFile(file, config);
  [openai, anthropic] = await Promise.all([startFakeUpstream(), startFakeUpstream()]);
  const env = {
    ...{
      CODEX_PLUS_LITELLM_CONFIG: file,
      OPENAI_API_BASE: `${openai.url}/v1`,
      ANTHROPIC_API_BASE: anthropic.url,
    },
    ...{ OPENAI_API_KEY: 'sk-openai', ANTHROPIC_API_KEY: 'sk-ant', SECOND_KEY: 'sk-second' },
  };
  down = await composeMiddleware(undefined, env);
  off = await composeMiddleware(undefined, { ...env, CODEX_PLUS_LITELLM_MODE: 'off' });
});

afterAll(async () => {
  await Promise.all([down.close(), off.close()]);
  await Promise.all([openai.close(), anthropic.close()]);
  await rm(folder, { recursive: true, force: true });
});

interface Echo {
  readonly url: string;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

async function call(
  middleware: ComposedMiddleware,
  path: string,
  body: string,
): Promise<{ status: number; text: string }> {
  const { status, body: answer } = await callRaw(middleware.port, {
    ...{
      path,
      body,
      headers: ['authorization', 'Bearer sk-of-the-client', 'content-type', 'application/json'],
    },
  });
  return { status, text: answer.toString() };
}

function asked(): number {
  return openai.requests.length + anthropic.requests.length;
}

const ways = [
  ['down', () => down],
  ['off', () => off],
] as const;

describe.each(ways)('[RT-3] what passes through while LiteLLM is %s', (_state, way) => {
  test.each([
    ['/v1/embeddings', 'second', 'embedding-3', 'sk-second'],
    ['/v1/embeddings', 'named', 'embedding-3', 'sk-second'],
    ['/v1/images/generations', 'gpt', 'gpt-5', 'sk-openai'],
    ['/v1/responses/input_tokens', 'gpt', 'gpt-5', 'sk-openai'],
  ])(
    'goes to the provider of its model, with the key and the name of the entry: %s of %s',
    async (path, model, name, key) => {
      const { text } = await call(way(), path, `{ "model" : "${model}" , "input":"hi" }`);
      const { url, rawHeaders, body } = JSON.parse(text) as Echo;
      expect([url, body]).toEqual([path, `{ "model" : "${name}" , "input":"hi" }`]);
      expect(headerOf(rawHeaders, 'authorization')).toBe(`Bearer ${key}`);
    },
  );

  test('goes to Anthropic with its key where the model is there', async () => {
    const { text } = await call(
      way(),
      '/v1/messages/count_tokens?beta=true',
      '{"model":"claude","messages":[]}',
    );
    const { url, rawHeaders, body } = JSON.parse(text) as Echo;
    expect([url, body]).toEqual([
      '/v1/messages/count_tokens?beta=true',
      '{"model":"claude-sonnet-5","messages":[]}',
    ]);
    expect([headerOf(rawHeaders, 'x-api-key'), headerOf(rawHeaders, 'anthropic-version')]).toEqual([
      'sk-ant',
      '2023-06-01',
    ]);
    expect(headerOf(rawHeaders, 'authorization')).toBeUndefined();
  });

  test('goes by the model in the query, where that names it', async () => {
    const { text } = await call(way(), '/v1/audio/speech?model=second', 'no JSON');
    const { url, rawHeaders, body } = JSON.parse(text) as Echo;
    expect([url, body]).toEqual(['/v1/audio/speech?model=embedding-3', 'no JSON']);
    expect(headerOf(rawHeaders, 'authorization')).toBe('Bearer sk-second');
  });

  test.each([
    ['/v1/messages/count_tokens', 'private', /to reach \\"private\\" without LiteLLM, add its provider/],
    ['/v1/embeddings', 'private', /to reach \\"private\\" without LiteLLM, add its provider/],
    ['/v1/responses/input_tokens', 'private', /to reach \\"private\\" without LiteLLM, add its provider/],
  ])('goes to nobody else, with the reason: %s of %s', async (path, model, reason) => {
    const before = asked();
    const { status, text } = await call(
      way(),
      path,
      JSON.stringify({ model, messages: [], input: 'private' }),
    );
    expect([status, text]).toEqual([way() === off ? 404 : 503, expect.stringMatching(reason)]);
    expect(asked()).toBe(before);
  });

  const uncounted = 'tokens_not_counted';
  test.each([
    ['/v1/messages/count_tokens', 'gpt', 501, uncounted, 'openai cannot answer calls of the Messages API'],
    [
      '/v1/responses/input_tokens',
      'claude',
      501,
      uncounted,
      'anthropic cannot answer calls of the Responses',
    ],
    [
      '/v1/responses/compactions',
      'claude',
      404,
      'not_served',
      'anthropic cannot answer calls of the Responses',
    ],
  ])(
    'is said not to be there for its model, where the provider has it not: %s of %s',
    async (path, model, statusWhenOff, code, reason) => {
      const before = asked();
      const { status, text } = await call(way(), path, JSON.stringify({ model, messages: [], input: 'hi' }));
      expect([status, text]).toEqual([way() === off ? statusWhenOff : 503, expect.stringContaining(reason)]);
      if (way() === off) expect(text).toContain(code);
      expect(text).not.toContain('there are');
      expect(asked()).toBe(before);
    },
  );

  test.each(['/v1/messages/count_tokens', '/v1/responses/input_tokens', '/v1/embeddings'])(
    'is a 404 that tells the models for a name that is none: %s',
    async (path) => {
      const before = asked();
      const { status, text } = await call(way(), path, '{"model":"nope","messages":[]}');
      expect([status, text]).toEqual([404, expect.stringMatching(/nope.*; there are gpt, claude/)]);
      expect(asked()).toBe(before);
    },
  );

  test('says which key is missing', async () => {
    const before = asked();
    const { status, text } = await call(way(), '/v1/embeddings', '{"model":"keyless","input":"hi"}');
    expect([status, text]).toEqual([
      way() === off ? 400 : 503,
      expect.stringContaining('set NOBODY_SET to reach openai'),
    ]);
    expect(asked()).toBe(before);
  });

  test.each([
    ['GET', '/v1/files'],
    ['GET', '/v1/responses/resp_1'],
    ['POST', '/v1/moderations'],
    ['POST', '/v1/audio/transcriptions'],
  ])('goes to nobody where it names no model: %s %s', async (method, path) => {
    const before = asked();
    const { status, body } = await callRaw(way().port, {
      method,
      path,
      ...(method === 'POST' && { body: '{"input":"hi"}' }),
    });
    expect([status, body.toString()]).toEqual([
      way() === off ? 404 : 503,
      expect.stringContaining('only what names a model'),
    ]);
    expect(asked()).toBe(before);
  });
});

test('what goes to nobody is logged as answered here', async () => {
  await call(down, '/v1/embeddings?key=secret', '{"model":"private"}');
  expect(down.lines.findLast(({ message }) => message === 'passthrough')).toMatchObject({
    ...{ path: '/v1/embeddings', host: '', status: 503, ending: 'local' },
  });
});
