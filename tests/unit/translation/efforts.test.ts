import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { modelFacts } from '../../../middleware/upstreams/litellm/models/model-facts.ts';
import { targetOfModel } from '../../../middleware/upstreams/translated/target-of-model.ts';

/** As LiteLLM's list has it. */
const pro = {
  supports_low_reasoning_effort: false,
  supports_minimal_reasoning_effort: false,
  supports_none_reasoning_effort: false,
  supports_xhigh_reasoning_effort: true,
};

function bodyFor(model: string, told: JsonObject, effort: string): JsonObject {
  const info = { mode: 'chat', supports_reasoning: true, ...told };
  const target = targetOfModel([{ name: 'm', params: { model }, info }]);
  if (target === undefined) throw new Error('there is no target');
  const messages = [{ role: 'user', content: 'go' }];
  const off = effort === 'none';
  const asClaude = {
    ...{ model: 'm', max_tokens: 99, messages, thinking: { type: off ? 'disabled' : 'adaptive' } },
    ...(off ? {} : { output_config: { effort } }),
  };
  const asCodex = { model: 'm', input: 'go', reasoning: { effort } };
  const providers = { responses: responsesProvider, chat: chatProvider, messages: messagesProvider };
  const provider = providers[target.api as keyof typeof providers];
  return target.api === 'responses'
    ? translateRequest(asClaude, { client: messagesClient, provider }, target.traits).body
    : translateRequest(asCodex, { client: responsesClient, provider }, target.traits).body;
}

describe('[RT-4] a model is asked for the nearest effort that it takes', () => {
  test.each([
    [pro, 'low', 'medium'],
    [pro, 'none', 'medium'],
    [pro, 'max', 'xhigh'],
    [{}, 'none', 'low'],
    [{}, 'low', 'low'],
    [{ supports_minimal_reasoning_effort: true }, 'none', 'minimal'],
    [{ supports_none_reasoning_effort: true }, 'none', 'none'],
    [{ reasoning_effort_levels: ['medium'] }, 'none', 'medium'],
    [{ reasoning_effort_levels: ['medium'] }, 'max', 'medium'],
    [{ reasoning_effort_levels: ['low', 'high', 'max'] }, 'medium', 'low'],
    [{ reasoning_effort_levels: ['none', 'high'] }, 'medium', 'high'],
    [{ reasoning_effort_levels: [] }, 'medium', undefined],
  ])('of OpenAI: %j, asked for %s', (info, asked, effort) => {
    const reasoning = bodyFor('openai/gpt-x', info, asked)['reasoning'] ?? {};
    expect((reasoning as JsonObject)['effort']).toBe(effort);
  });

  test.each([
    [{}, 'low', 'low'],
    [{}, 'none', 'low'],
    [{ reasoning_effort_levels: ['none', 'high'] }, 'low', 'high'],
    [{ reasoning_effort_levels: ['none', 'high'] }, 'none', 'none'],
    [{ reasoning_effort_levels: ['low', 'high', 'max'] }, 'xhigh', 'high'],
    [{ reasoning_effort_levels: [] }, 'high', undefined],
    [{ reasoning_effort_levels: [] }, 'none', undefined],
    [{ supports_reasoning: false }, 'none', undefined],
  ])('of a provider of chats: %j, asked for %s', (info, asked, effort) => {
    expect(bodyFor('mistral/x', info, asked)['reasoning_effort']).toBe(effort);
  });

  test.each([
    ['gemini/gemini-3-pro-preview', 'none'],
    ['gemini/gemini-2.5-flash', 'none'],
    ['gemini/gemini-2.5-pro', 'low'],
    ['vertex_ai/gemini-3-flash-preview', 'none'],
    ['vertex_ai/openai/gpt-oss-120b-maas', 'low'],
    ['deepseek/deepseek-reasoner', 'none'],
    ['groq/qwen/qwen3-32b', 'none'],
    ['groq/openai/gpt-oss-120b', 'low'],
    ['ollama_chat/qwen3', 'none'],
    ['openrouter/anthropic/claude-opus-4.5', 'none'],
    ['databricks/databricks-claude-sonnet-4-5', undefined],
  ])('%s is asked for no thinking as LiteLLM takes it', (model, effort) => {
    expect(bodyFor(model, {}, 'none')['reasoning_effort']).toBe(effort);
    expect(bodyFor(model, {}, 'low')['reasoning_effort']).toBe('low');
  });

  test('the one that says it in the API of Anthropic as well', () => {
    const target = targetOfModel([
      {
        ...{ name: 'm', params: { model: 'deepseek/deepseek-reasoner' } },
        info: { mode: 'chat', supports_reasoning: true },
      },
    ]);
    if (target === undefined) throw new Error('there is no target');
    const messages = [{ role: 'user', content: 'go' }];
    const body = { model: 'm', max_tokens: 99, messages, thinking: { type: 'disabled' } };
    const sides = { client: messagesClient, provider: chatProvider };
    expect(translateRequest(body, sides, target.traits).body['reasoning_effort']).toBe('none');
  });

  test('of Claude', () => {
    const info = { supports_adaptive_thinking: true, reasoning_effort_levels: ['medium', 'max'] };
    expect(bodyFor('anthropic/claude-x', info, 'low')['output_config']).toEqual({ effort: 'medium' });
  });
});

function toldEfforts(model: string, info: JsonObject): readonly string[] {
  return modelFacts([{ model, info, configured: {} }]).efforts.value;
}

const reasons = { supports_reasoning: true };

describe("[RT-4] OpenAI's models for chats", () => {
  test.each([
    ['openai/gpt-5-chat-latest', { ...reasons, key: 'gpt-5-chat-latest' }],
    ['openai/gpt-5-chat', { ...reasons, supports_minimal_reasoning_effort: true, key: 'gpt-5-chat' }],
    ['openai/gpt-5-chat-latest', reasons],
    ['azure/gpt-5-chat-2025-08-07', reasons],
    ['azure/my-deployment', { ...reasons, key: 'azure/gpt-5-chat' }],
    ['azure/my-deployment', { ...reasons, base_model: 'azure/gpt-5-chat' }],
  ])('%s is told nothing of reasoning, whatever LiteLLM says of it: %j', (model, info) => {
    const body = bodyFor(model, info, 'high');
    expect(body).not.toHaveProperty('reasoning');
    expect(body).not.toHaveProperty('include');
    expect(toldEfforts(model, info)).toEqual([]);
  });

  test.each([
    ['openai/gpt-5.1-chat-latest', { key: 'gpt-5.1-chat-latest' }],
    ['openai/gpt-5.2-chat-latest', {}],
    ['azure/gpt-5.3-chat', { supports_reasoning: undefined }],
    ['azure/my-deployment', { key: 'azure/us/gpt-5.1-chat' }],
    // What the deployment is called says nothing.
    ['azure/gpt-5-chat', { key: 'azure/gpt-5.2-chat' }],
  ])('%s takes one effort, whichever is asked for: %j', (model, told) => {
    const info = { ...reasons, ...told };
    for (const effort of ['none', 'low', 'high', 'max'])
      expect(bodyFor(model, info, effort)['reasoning']).toMatchObject({ effort: 'medium' });
    expect(toldEfforts(model, info)).toEqual(['medium']);
  });

  test.each([
    ['azure/gpt-5-chat', { ...reasons, key: 'azure/gpt-5.5' }, ['low', 'medium', 'high']],
    ['openai/gpt-5.1-chat', { ...reasons, reasoning_effort_levels: ['high'] }, ['high']],
    ['openai/gpt-5.1-chat', { supports_reasoning: false }, []],
    ['openai/my-gpt-5-chat-clone', reasons, ['low', 'medium', 'high']],
  ])('%s is not one of them, or the configuration says otherwise: %j', (model, info, efforts) => {
    expect(toldEfforts(model, info)).toEqual(efforts);
  });
});

describe('[RT-4] who said which efforts a model takes', () => {
  const info = { supports_reasoning: true, supports_xhigh_reasoning_effort: true };

  test.each([
    [{}, 'litellm'],
    [{ supports_reasoning: true }, 'configured'],
    [{ supports_xhigh_reasoning_effort: true }, 'configured'],
    [{ reasoning_effort_levels: ['xhigh'] }, 'configured'],
    [{ supports_vision: true }, 'litellm'],
  ] as const)('with %j in the configuration', (configured, source) => {
    expect(modelFacts([{ model: 'm', info: { ...info, ...configured }, configured }]).efforts.source).toBe(
      source,
    );
  });
});

test('[RT-4] a name whose deployments are told to think in different ways has no efforts', () => {
  const adaptive = {
    model: 'm',
    info: { supports_reasoning: true, supports_adaptive_thinking: true },
    configured: {},
  };
  const other = { model: 'm', info: { supports_reasoning: true }, configured: {} };
  expect(modelFacts([adaptive, other]).efforts.value).toEqual([]);
  expect(modelFacts([adaptive, adaptive]).efforts.value).not.toEqual([]);
});
