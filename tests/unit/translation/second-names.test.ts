import { expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { usualKeyEnv } from '../../../middleware/platform/config/litellm-config.ts';
import { litellmKeys } from '../../../middleware/platform/config/litellm-keys.ts';
import { takesReasoning } from '../../../middleware/protocol/apis/chat/translation/takes-reasoning.ts';
import { targetOfModel } from '../../../middleware/upstreams/translated/target-of-model.ts';

const targetOf = (model: string, info: JsonObject = {}): ReturnType<typeof targetOfModel> =>
  targetOfModel([{ name: 'any', params: { model }, info: { mode: 'chat', ...info } }]);

test.each([
  ['vertex_ai_beta/gemini-3-pro', {}, 'vertex_ai/gemini-3-pro'],
  ['gemini-3-pro', { litellm_provider: 'vertex_ai-language-models' }, 'vertex_ai/gemini-3-pro'],
  ['qwencloud/qwen3-max', {}, 'dashscope/qwen3-max'],
  ['qwen_ai_platform/qwen3-max', {}, 'dashscope/qwen3-max'],
  [
    'anthropic.claude-opus-4-8-v1:0',
    { litellm_provider: 'bedrock_converse' },
    'bedrock/anthropic.claude-opus-4-8-v1:0',
  ],
])('[RT-4] %s %j is called as %s, and gets the same', (model, info, first) => {
  expect(targetOf(model, info)).toEqual(targetOf(first));
});

test('[RT-4] Gemini at the other address of Vertex gets its thoughts back', () => {
  expect(takesReasoning(targetOf('vertex_ai_beta/gemini-3-pro')?.traits.provider)).toBe(true);
});

test('[RT-4] another API of a provider stays another provider', () => {
  const models = ['text-completion-openai/gpt-3.5-turbo-instruct', 'azure_text/one', 'cohere_chat/command'];
  expect(models.map((model) => targetOf(model)?.traits.provider)).toEqual([
    ...['text-completion-openai', 'azure_text', 'cohere_chat'],
  ]);
});

test.each([
  ['text-completion-openai/gpt-3.5-turbo-instruct', 'OPENAI_API_KEY'],
  ['azure_text/one', 'AZURE_CLIENT_SECRET'],
  ['vertex_ai_beta/gemini-3-pro', 'GOOGLE_APPLICATION_CREDENTIALS'],
  ['sagemaker_chat/one', 'AWS_SECRET_ACCESS_KEY'],
  ['qwencloud/qwen3-max', 'DASHSCOPE_API_KEY'],
])('the keys of %s are those of its provider: %s [SEC-3]', (model, key) => {
  expect(litellmKeys(`model_list: [{ model_name: a, litellm_params: { model: ${model} } }]`)).toContain(key);
});

test('the usual key is that of the provider under each name', () => {
  expect(['openai', 'text-completion-openai', 'anthropic_text', 'constructor'].map(usualKeyEnv)).toEqual([
    ...['OPENAI_API_KEY', 'OPENAI_API_KEY', 'ANTHROPIC_API_KEY', undefined],
  ]);
});
