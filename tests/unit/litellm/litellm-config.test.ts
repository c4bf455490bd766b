import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { readLitellmModels } from '../../../middleware/platform/config/litellm-config.ts';

const noAddresses = { ofCredentials: new Map(), variables: {}, ofAll: undefined };
const noNaming = { aliases: {}, globalAliases: {}, groups: {}, fallback: undefined };
const aliases = { 'gpt5-high': 'gpt-5', 'gpt-high': 'gpt-5', 'claude-sonnet-5': 'claude-3-5-sonnet' };

test('the shipped configuration has the promised models and aliases [RT-1]', () => {
  expect(readLitellmModels(readFileSync('config/litellm_config.yaml', 'utf8'))).toEqual({
    models: [
      {
        name: 'gpt-4',
        provider: 'openai',
        model: 'openai/gpt-4',
        id: undefined,
        providerModel: 'gpt-4',
        info: {},
        apiKeyEnv: 'OPENAI_API_KEY',
        hasOwnAddress: false,
        addressIn: undefined,
        keyIn: 'api_key',
      },
      {
        name: 'claude-3-5-sonnet',
        provider: 'anthropic',
        model: 'anthropic/claude-sonnet-5',
        id: undefined,
        providerModel: 'claude-sonnet-5',
        info: {},
        apiKeyEnv: 'ANTHROPIC_API_KEY',
        hasOwnAddress: false,
        addressIn: undefined,
        keyIn: 'api_key',
      },
      {
        name: 'gpt-5',
        provider: 'openai',
        model: 'openai/gpt-5',
        id: undefined,
        providerModel: 'gpt-5',
        info: {},
        apiKeyEnv: 'OPENAI_API_KEY',
        hasOwnAddress: false,
        addressIn: undefined,
        keyIn: 'api_key',
      },
    ],
    aliases,
    names: ['gpt-4', 'claude-3-5-sonnet', 'gpt-5', 'gpt5-high', 'gpt-high', 'claude-sonnet-5'],
    ...{ hidden: [], isOpen: false, addresses: noAddresses, naming: { ...noNaming, aliases } },
  });
});

test('the provider is the prefix, or what custom_llm_provider says, or what LiteLLM takes a bare name for', () => {
  const text = `model_list:
  - { model_name: a, litellm_params: { model: openrouter/meta/llama } }
  - { model_name: b, litellm_params: { model: meta/llama, custom_llm_provider: hosted_vllm } }
  - { model_name: c, litellm_params: { model: o3-mini } }
  - { model_name: d, litellm_params: { model: claude-sonnet-5, api_key: sk-literal } }
  - { model_name: e, litellm_params: { model: mystery } }
`;
  expect(
    readLitellmModels(text).models.map((model) => [
      model.name,
      model.provider,
      model.providerModel,
      model.apiKeyEnv,
    ]),
  ).toEqual([
    ['a', 'openrouter', 'meta/llama', 'OPENROUTER_API_KEY'],
    ['b', 'hosted_vllm', 'meta/llama', undefined],
    ['c', 'openai', 'o3-mini', 'OPENAI_API_KEY'],
    ['d', 'anthropic', 'claude-sonnet-5', undefined],
    ['e', undefined, 'mystery', undefined],
  ]);
});

test('anchors, merges and the long form of an alias are read as LiteLLM reads them', () => {
  const text = `base: &base { api_base: 'http://127.0.0.1:9/v1' }
model_list:
  - { model_name: a, litellm_params: { <<: *base, model: openai/x } }
router_settings:
  model_group_alias: { b: { model: a, hidden: true } }
`;
  expect(readLitellmModels(text)).toEqual({
    models: [
      {
        name: 'a',
        provider: 'openai',
        model: 'openai/x',
        id: undefined,
        providerModel: 'x',
        info: {},
        apiKeyEnv: undefined,
        hasOwnAddress: true,
        addressIn: 'api_base',
        keyIn: undefined,
      },
    ],
    aliases: { b: 'a' },
    names: ['a', 'b'],
    ...{ hidden: ['b'], isOpen: false, addresses: noAddresses, naming: { ...noNaming, aliases: { b: 'a' } } },
  });
});

test('a broken file has no models', () => {
  expect(readLitellmModels('model_list: [')).toEqual({
    ...{
      models: [],
      aliases: {},
      names: [],
      hidden: [],
      naming: noNaming,
      addresses: noAddresses,
      isOpen: false,
    },
  });
});

test('a provider that is named beside a model counts, and may stand before it as well', () => {
  const text = `model_list:
  - { model_name: a, litellm_params: { model: anthropic/claude-x, custom_llm_provider: openai } }
  - { model_name: b, litellm_params: { model: anthropic/claude-x, custom_llm_provider: anthropic } }
`;
  expect(readLitellmModels(text).models).toMatchObject([
    { provider: 'openai', providerModel: 'anthropic/claude-x', apiKeyEnv: 'OPENAI_API_KEY' },
    { provider: 'anthropic', providerModel: 'claude-x', apiKeyEnv: 'ANTHROPIC_API_KEY' },
  ]);
});

test.each(['base_url: http://127.0.0.1:9', 'litellm_credential_name: mine'])(
  'an entry with %s may need no key of its provider',
  (setting) => {
    const text = `model_list:\n  - { model_name: a, litellm_params: { model: openai/x, ${setting} } }\n`;
    expect(readLitellmModels(text).models[0]?.apiKeyEnv).toBeUndefined();
  },
);
