import { describe, expect, test } from '@jest/globals';
import { readLitellmModels, readStarEntries } from '../../../middleware/platform/config/litellm-config.ts';
import type { ModelInfo } from '../../../middleware/upstreams/litellm/models/model-info.ts';
import { KnownModels } from '../../../middleware/upstreams/translated/known-models.ts';
import { targetOfModel } from '../../../middleware/upstreams/translated/target-of-model.ts';

function entry(name: string, model: string, info: ModelInfo['info'] = {}): ModelInfo {
  return { name, params: { model }, info };
}

function knownModels(infos: readonly ModelInfo[], text: string): KnownModels {
  const models = readLitellmModels(text);
  return new KnownModels(infos, { models, stars: readStarEntries(text), openaiAddress: undefined });
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
