import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import type { ProviderConfig } from '../../../middleware/platform/config/config.ts';
import { chooseProvider } from '../../../middleware/upstreams/provider/choose-provider.ts';
import { sumsUpItself } from '../../../middleware/upstreams/translated/own-apis.ts';
import { targetOfModel } from '../../../middleware/upstreams/translated/target-of-model.ts';

const xai = { api_base: 'https://api.x.ai/v1' };

function targetOf(
  ...entries: readonly (readonly [model: string, info?: JsonObject, params?: JsonObject])[]
): {
  readonly api: string | undefined;
  readonly isOwn: boolean | undefined;
} {
  const target = targetOfModel(
    entries.map(([model, info = { mode: 'chat' }, params = {}]) => ({
      ...{ name: 'any', params: { model, ...params }, info },
    })),
  );
  return { api: target?.api, isOwn: target?.ownApis.includes('responses') };
}

describe('[RT-4] a request of Codex goes as it is to OpenAI alone', () => {
  test.each([
    ['openai/gpt-5', {}],
    ['azure/mine', {}],
    ['chatgpt/gpt-5.5', {}],
    ['litellm_proxy/gpt-5', {}],
    ['litellm_proxy/best', { base_model: 'azure/gpt-5' }],
    ['litellm_proxy/openai/any', {}],
  ])('%s: as it is', (model, info) => {
    expect(targetOf([model, info])).toEqual({ api: 'responses', isOwn: true });
  });

  test.each([
    ['xai/grok-4.3', { mode: 'chat' }, {}],
    ['xai/grok-4.20-multi-agent', { mode: 'responses' }, {}],
    ['openai/grok-4.3', {}, xai],
    ['github_copilot/gpt-5.3-codex', { mode: 'responses' }, {}],
  ])('%s: with functions alone', (model, info, params) => {
    expect(targetOf([model, info, params])).toEqual({ api: 'responses', isOwn: false });
  });

  test.each([
    ['github_copilot/gpt-5.4', { mode: 'chat' }],
    ['github_copilot/grok-4.6', { mode: 'chat' }],
    ['litellm_proxy/grok', {}],
    ['litellm_proxy/xai/grok-4', {}],
    ['hosted_vllm/qwen', {}],
    ['openrouter/openai/gpt-5', {}],
    ['perplexity/sonar', { mode: 'responses' }],
  ])('%s: as a chat', (model, info) => {
    expect(targetOf([model, info])).toEqual({ api: 'chat', isOwn: false });
  });

  test('of several deployments each has to take it', () => {
    expect(targetOf(['openai/gpt-5'], ['azure/mine'])).toEqual({ api: 'responses', isOwn: true });
    expect(targetOf(['openai/gpt-5'], ['xai/grok-4'])).toEqual({ api: 'responses', isOwn: false });
    expect(targetOf(['openai/gpt-5'], ['github_copilot/gpt-5.4'])).toEqual({ api: 'chat', isOwn: false });
  });

  test.each([
    ['openai', 'https://api.openai.com/v1', undefined],
    ['mine', 'http://10.1.2.3/v1', undefined],
    ['xai', 'https://api.x.ai/v1', 'responses'],
    ['grok', 'https://api.x.ai/v1/', 'responses'],
  ])('without LiteLLM: %s at %s', (name, baseUrl, translatedApi) => {
    const provider: ProviderConfig = {
      ...{ name, baseUrl, apiKeyEnv: 'KEY', apiKey: 'sk-any', auth: 'bearer' },
      apis: ['responses', 'chat'],
    };
    const chosen = (api: 'responses' | 'chat', path: string): unknown =>
      chooseProvider([{ provider, providerModel: 'm' }], { api, path }).translatedApi;
    expect(chosen('responses', '/responses')).toBe(translatedApi);
    expect(chosen('chat', '/chat/completions')).toBeUndefined();
  });
});

describe('[PX-6] who sums a conversation up itself', () => {
  const at = (api_base: string): JsonObject => ({ api_base });
  const sumUp = (...params: readonly JsonObject[]): boolean | undefined =>
    targetOfModel(params.map((each) => ({ name: 'any', params: each, info: { mode: 'chat' } })))?.sumsUp;

  test.each([
    [{ model: 'openai/gpt-5' }, true],
    [{ model: 'openai/gpt-5', ...at('https://api.openai.com/v1') }, true],
    [{ model: 'openai/gpt-5', ...at('https://eu.api.openai.com/v1') }, true],
    [{ model: 'openai/mine', ...at('https://mine.openai.azure.com/openai/v1/') }, true],
    [{ model: 'openai/mine', ...at('https://mine.services.ai.azure.com/openai/v1') }, true],
    [{ model: 'azure/mine', ...at('https://gateway.example') }, true],
    [{ model: 'chatgpt/gpt-5.5' }, true],
    [{ model: 'openai/mine', ...at('http://10.1.2.3:8000/v1') }, false],
    [{ model: 'openai/mine', base_url: 'http://api.openai.com.example/v1' }, false],
    [{ model: 'openai/mine', ...at('http://notopenai.com/v1') }, false],
    [{ model: 'openai/mine', ...at('http://mine.westeurope.cloudapp.azure.com/v1') }, false],
    [{ model: 'openai/mine', ...at('os.environ/WHERE') }, false],
    [{ model: 'openai/mine', litellm_credential_name: 'own' }, false],
    [{ model: 'xai/grok-4.3' }, false],
  ])('%j: %s', (params, sumsUp) => {
    expect(sumUp(params)).toBe(sumsUp);
    expect([sumUp(params, { model: 'openai/gpt-5' }), sumUp({ model: 'openai/gpt-5' }, params)]).toEqual([
      sumsUp,
      sumsUp,
    ]);
  });

  test.each([
    ['openai', 'https://api.openai.com/v1', true],
    ['mine', 'https://eu.api.openai.com/v1', true],
    ['azure', 'https://gateway.example/openai/v1', true],
    ['openai', 'http://10.1.2.3/v1', false],
    ['mine', 'http://10.1.2.3/v1', false],
  ])('without LiteLLM: %s at %s: %s', (name, baseUrl, sumsUp) => {
    const provider: ProviderConfig = {
      ...{ name, baseUrl, apiKeyEnv: 'KEY', apiKey: 'sk-any', auth: 'bearer' },
      apis: ['responses', 'chat'],
    };
    expect(sumsUpItself(provider)).toBe(sumsUp);
  });
});
