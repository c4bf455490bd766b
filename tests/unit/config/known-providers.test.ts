import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../../middleware/platform/config/load-config.ts';
import type { ProviderConfig } from '../../../middleware/platform/config/config.ts';
import { readLitellmModels } from '../../../middleware/platform/config/litellm-config.ts';
import { servedBy, whyUnserved } from '../../../middleware/upstreams/provider/served-by.ts';
import { rootDir } from '../../support/compose-middleware.ts';

const env = { OPENAI_API_KEY: 'sk-o', ANTHROPIC_API_KEY: 'sk-a', TEAM_KEY: 'sk-team' };

function load(providers: readonly object[]): readonly ProviderConfig[] {
  return loadConfig({ rootDir, env, settings: { providers }, isTerminal: false }).providers;
}

const litellm = readLitellmModels(`
model_list:
  - { model_name: claude, litellm_params: { model: anthropic/claude-sonnet-5 } }
  - { model_name: team, litellm_params: { model: anthropic/claude-opus-5, api_key: os.environ/TEAM_KEY } }
  - { model_name: bare, litellm_params: { model: gpt-5 } }
  - { model_name: fast, litellm_params: { model: groq/openai/gpt-oss } }
  - { model_name: local, litellm_params: { model: openai/mine, api_base: 'http://127.0.0.1:1/v1' } }
  - { model_name: cloud, litellm_params: { model: bedrock/claude } }
  - { model_name: 'anthropic/*', litellm_params: { model: 'anthropic/*' } }
  - { model_name: 'anthropic/old-*', litellm_params: { model: 'openai/gpt-*' } }
  - { model_name: both, litellm_params: { model: groq/x } }
  - { model_name: both, litellm_params: { model: openai/gpt-5 } }
router_settings:
  model_group_alias: { best: claude, constructor: bare }
`);

function served(model: string, providers: readonly ProviderConfig[]): readonly (readonly unknown[])[] {
  return servedBy(model, { providers, litellm, env }).map(({ provider, providerModel }) => [
    ...[provider.name, providerModel, provider.apiKey],
  ]);
}

describe('[RT-3] a provider that is known by its name', () => {
  test('needs no more than that', () => {
    const [openai, anthropic] = load([{ name: 'openai' }, { name: 'anthropic' }]);
    expect(openai).toEqual({
      ...{
        name: 'openai',
        baseUrl: 'https://api.openai.com/v1',
        apiKeyEnv: 'OPENAI_API_KEY',
        apiKey: 'sk-o',
      },
      ...{ auth: 'bearer', apis: ['responses', 'chat', 'completions'] },
    });
    expect(anthropic).toMatchObject({ auth: 'x-api-key', apis: ['messages'], apiKey: 'sk-a' });
  });

  test('has what it says of itself in place of what is known', () => {
    const [own] = load([{ name: 'openai', baseUrl: 'https://eu.example/v1', apis: ['chat'] }]);
    expect(own).toMatchObject({ baseUrl: 'https://eu.example/v1', apis: ['chat'], apiKey: 'sk-o' });
  });

  test.each([
    ['openai', 'OPENAI_API_BASE', 'http://10.0.0.1', 'http://10.0.0.1/v1'],
    ['anthropic', 'ANTHROPIC_API_BASE', 'http://10.0.0.1/v1/', 'http://10.0.0.1/v1'],
    ['deepseek', 'DEEPSEEK_API_BASE', 'http://10.0.0.1/beta', 'http://10.0.0.1/beta'],
    ['groq', 'GROQ_API_BASE', 'http://10.0.0.1/x', 'http://10.0.0.1/x'],
    ['openrouter', 'OPENROUTER_API_BASE', 'http://10.0.0.1/x', 'http://10.0.0.1/x'],
    ['xai', 'XAI_API_BASE', 'http://10.0.0.1/v1', 'http://10.0.0.1/v1'],
    ['gemini', 'GEMINI_API_BASE', 'http://10.0.0.1', 'http://10.0.0.1/v1beta/openai'],
  ])('is where LiteLLM is told that it is: %s', (name, variable, value, baseUrl) => {
    const moved = loadConfig({
      ...{ rootDir, isTerminal: false, settings: { providers: [{ name }] } },
      env: { [variable]: value },
    });
    expect(moved.providers[0]?.baseUrl).toBe(baseUrl);
  });

  test.each(['mine', 'constructor'])(
    'is not every one: of others it is a fault with its place: %s',
    (name) => {
      expect(() => load([{ name }])).toThrow(/providers\[0\].*baseUrl/);
    },
  );
});

describe('[RT-3] the models of a provider that names none', () => {
  const providers = load([{ name: 'openai' }, { name: 'anthropic' }]);

  test.each([
    ['claude', [['anthropic', 'claude-sonnet-5', 'sk-a']]],
    ['best', [['anthropic', 'claude-sonnet-5', 'sk-a']]],
    ['team', [['anthropic', 'claude-opus-5', 'sk-team']]],
    ['bare', [['openai', 'gpt-5', 'sk-o']]],
    ['constructor', [['openai', 'gpt-5', 'sk-o']]],
    ['both', [['openai', 'gpt-5', 'sk-o']]],
    ['anthropic/claude-opus-5', [['anthropic', 'claude-opus-5', 'sk-a']]],
    ['anthropic/old-4', [['openai', 'gpt-4', 'sk-o']]],
    ['anthropi', []],
    ['local', []],
    ['fast', []],
    ['toString', []],
  ])('are those that LiteLLM’s configuration has of it, by every name: %s', (model, expected) => {
    expect(served(model, providers)).toEqual(expected);
  });

  test('are not those of a provider that names some', () => {
    const [some] = load([{ name: 'anthropic', models: { mine: 'claude-haiku-4-5' } }]);
    if (some === undefined) throw new Error('there is none');
    expect(served('claude', [some])).toEqual([]);
    expect(whyUnserved('claude', { providers: [some], litellm })).toContain(
      'add it to "models" of "anthropic" in "providers" in codex_plus.json',
    );
    expect(served('mine', [some])).toEqual([['anthropic', 'claude-haiku-4-5', 'sk-a']]);
  });

  test.each([
    ['fast', 'add { "name": "groq" } to "providers" in codex_plus.json'],
    ['cloud', 'add its provider with "name", "baseUrl", "apiKeyEnv", "apis" and "models"'],
    ['local', 'add its provider with "name", "baseUrl", "apiKeyEnv", "apis" and "models"'],
    ['gone', 'no provider in codex_plus.json serves the model "gone" without LiteLLM'],
  ])('say what to do for what they do not have: %s', (model, told) => {
    expect(whyUnserved(model, { providers, litellm })).toContain(told);
  });
});
