import { describe, expect, test } from '@jest/globals';
import type { Environment } from '../../../middleware/platform/config/environment.ts';
import { readLitellmModels, readStarEntries } from '../../../middleware/platform/config/litellm-config.ts';
import type { ModelInfo } from '../../../middleware/upstreams/litellm/models/model-info.ts';
import { KnownModels } from '../../../middleware/upstreams/translated/known-models.ts';
import { targetOfModel } from '../../../middleware/upstreams/translated/target-of-model.ts';

function entry(name: string, model: string, info: ModelInfo['info'] = {}): ModelInfo {
  return { name, params: { model }, info };
}

function knownModels(infos: readonly ModelInfo[], text: string, env: Environment = {}): KnownModels {
  const models = readLitellmModels(text);
  return new KnownModels(infos, { models, stars: readStarEntries(text), env });
}

const arn = 'bedrock/arn:aws:bedrock:eu-west-1:1:application-inference-profile/ab12';

test.each([
  ['azure_ai/claude-sonnet-4-5', {}, 'messages'],
  ['azure_ai/deepseek-v3', {}, 'chat'],
  [arn, { base_model: 'anthropic.claude-sonnet-4-5-20250929-v1:0' }, 'messages'],
  [arn, { key: 'anthropic.claude-sonnet-4-5-20250929-v1:0' }, 'messages'],
  [arn, {}, 'chat'],
  ['vertex_ai/claude-opus-4-5', {}, 'messages'],
  ['openrouter/anthropic/claude-opus-4.5', { key: 'openrouter/anthropic/claude-opus-4.5' }, 'chat'],
])('[RT-4] %s %j is called in the API of %s', (model, info, api) => {
  expect(targetOfModel([entry('any', model, info)])?.api).toBe(api);
});

describe('[RT-4] an entry with a star', () => {
  const known = knownModels(
    [
      entry('anthropic/*', 'anthropic/*'),
      entry('anthropic/own', 'gemini/pro'),
      entry('anthropic/open-*', 'openai/*'),
      entry('eu-*-x-*', 'bedrock/*.claude-*'),
      entry('*', '*'),
    ],
    'router_settings: { model_group_alias: { best: anthropic/claude-sonnet-4-5 } }',
  );

  test.each([
    ['stands for what fits', 'anthropic/claude-opus-4-5', 'messages', 'claude-opus-4-5'],
    ['is found by another name', 'best', 'messages', 'claude-sonnet-4-5'],
    ['gives way to an entry of the name', 'anthropic/own', 'chat', 'pro'],
    ['may have several', 'eu-anthropic-x-opus', 'messages', 'anthropic.claude-opus'],
    ['may be nothing else', 'gemini/pro', 'chat', 'pro'],
  ])('%s', (_name, model, api, providerModel) => {
    expect(known.targetOf(model)).toMatchObject({ api, traits: { providerModel } });
  });

  test('gives way to a longer one', () => {
    expect(known.targetOf('anthropic/open-gpt')?.api).toBe('responses');
  });

  test('tells nothing of a model whose provider only LiteLLM knows', () => {
    expect(known.targetOf('some-model')).toBeUndefined();
    expect(known.has('some-model')).toBe(true);
  });
});

test('[RT-4] a name that LiteLLM does not tell is found by the entry of the configuration that it is of', () => {
  const claude = entry('anthropic/claude-opus-4-5', 'anthropic/claude-opus-4-5', {
    supports_reasoning: true,
  });
  const text = `model_list:
  - { model_name: anthropic/*, litellm_params: { model: anthropic/*, max_tokens: 9000 } }
  - { model_name: our-*, litellm_params: { model: anthropic/claude-* } }
`;
  const known = knownModels([claude], text);
  expect(known.targetOf('anthropic/claude-of-tomorrow')).toMatchObject({
    ...{ api: 'messages', traits: { providerModel: 'claude-of-tomorrow', usualMaxTokens: 9_000 } },
  });
  // What LiteLLM tells of the same model under another name counts for this one.
  expect(known.targetOf('our-opus-4-5')).toMatchObject({ api: 'messages', traits: { reasons: true } });
  expect(known.targetOf('other/claude')).toBeUndefined();
  expect(known.has('other/claude')).toBe(false);
});

describe('[RT-4] who answers is decided by the address, whatever names it', () => {
  const at = 'http://10.1.2.3:8000/v1';
  const found = (
    params: ModelInfo['params'],
    text = '',
    env: Environment = {},
  ): Readonly<Record<string, unknown>> => {
    const target = knownModels([{ name: 'm', params, info: {} }], text, env).targetOf('m');
    const { maker, hasOtherAddress } = target?.traits ?? {};
    return { api: target?.api, sumsUp: target?.sumsUp, maker, hasOtherAddress };
  };
  const openais = { api: 'responses', sumsUp: true, maker: 'openai', hasOtherAddress: false };
  const elsewhere = found({ model: 'openai/x', api_base: at });
  const named = { model: 'openai/x', litellm_credential_name: 'own' };
  const withCredential = (values: string): string =>
    `credential_list: [{ credential_name: own, credential_values: { ${values} } }]`;

  test('the entry', () => {
    expect(elsewhere).toMatchObject({ api: 'responses', sumsUp: false, hasOtherAddress: true });
    expect(elsewhere['maker']).toMatch(/^at-/);
    expect(found({ model: 'openai/x' })).toEqual(openais);
  });

  test.each(['OPENAI_BASE_URL', 'OPENAI_API_BASE'])('%s of LiteLLM', (name) => {
    expect(found({ model: 'openai/x' }, '', { [name]: at })).toEqual(elsewhere);
    expect(found({ model: 'gpt-5' }, '', { [name]: at })).toEqual(elsewhere);
    const own = { model: 'openai/x', api_base: 'https://api.openai.com/v1' };
    expect(found(own, '', { [name]: at })).toEqual(openais);
    expect(found({ model: 'openai/x' }, '', { [name]: 'https://api.openai.com/v1/' })).toEqual(openais);
  });

  test('a variable in the file, before one of LiteLLM’s environment', () => {
    const text = `environment_variables: { OPENAI_BASE_URL: '${at}' }`;
    expect(found({ model: 'openai/x' }, text, { OPENAI_BASE_URL: 'http://10.9.9.9/v1' })).toEqual(elsewhere);
  });

  test('a variable in the file that another one gives', () => {
    const text = 'environment_variables: { OPENAI_API_BASE: os.environ/MINE }';
    expect(found({ model: 'openai/x' }, text, { MINE: at })).toEqual(elsewhere);
    // A LiteLLM that others run has an environment of its own.
    expect(found({ model: 'openai/x' }, text)).toMatchObject({ sumsUp: false, hasOtherAddress: true });
  });

  test('the settings of the file for all entries', () => {
    const text = `litellm_settings: { api_base: '${at}' }`;
    expect(found({ model: 'openai/x' }, text)).toEqual(elsewhere);
  });

  test('a credential of the file', () => {
    expect(found(named, withCredential(`api_key: a, api_base: '${at}'`))).toEqual(elsewhere);
    expect(found({ ...named, api_base: at }, withCredential('api_base: http://10.9.9.9/v1'))).toEqual(
      elsewhere,
    );
    expect(found(named, withCredential('api_key: a'))).toEqual(openais);
    expect(found(named, withCredential('api_key: a'), { OPENAI_BASE_URL: at })).toEqual(elsewhere);
    // Of one that stands in a database nothing is known.
    expect(found(named)).toMatchObject({ sumsUp: false, hasOtherAddress: true });
  });

  test.each([
    ['anthropic/claude-sonnet-4-5', 'ANTHROPIC_API_BASE', 'http://10.1.2.3:8000'],
    ['deepseek/deepseek-chat', 'DEEPSEEK_API_BASE', at],
    ['gemini/gemini-3-pro', 'GEMINI_API_BASE', 'http://10.1.2.3:8000'],
  ])('%s by %s', (model, name, address) => {
    const maker = model.split('/', 1)[0];
    expect(found({ model })).toMatchObject({ maker, hasOtherAddress: false });
    const moved = found({ model }, '', { [name]: address });
    expect(moved).toMatchObject({ hasOtherAddress: true });
    expect(moved['maker']).toMatch(/^at-/);
    expect(moved).not.toMatchObject({ maker: elsewhere['maker'] });
  });
});
