import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import type { ModelTraits } from '../../../middleware/protocol/translation/model-traits.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import type { ModelInfo } from '../../../middleware/upstreams/litellm/models/model-info.ts';
import { targetOfModel } from '../../../middleware/upstreams/translated/target-of-model.ts';
import { traitsOfAll } from '../../../middleware/upstreams/translated/traits-of-all.ts';
import { plainChat } from '../../support/strict/models.ts';

function entry(model: string, info: JsonObject = {}, params: JsonObject = {}): ModelInfo {
  return { name: 'any', params: { model, ...params }, info: { mode: 'chat', ...info } };
}

function traitsOf(...deployments: readonly ModelInfo[]): ModelTraits {
  const target = targetOfModel(deployments);
  if (target === undefined) throw new Error('there is no target');
  return target.traits;
}

/** Both orders: which of them comes first says nothing of which LiteLLM takes. */
function bothWays(one: ModelInfo, other: ModelInfo): readonly ModelTraits[] {
  return [traitsOf(one, other), traitsOf(other, one)];
}

const able = { supports_vision: true, supports_reasoning: true, max_output_tokens: 64_000 };

describe('[RT-4] a name of several deployments takes what all of them take', () => {
  test.each([
    ['pictures', { supports_vision: true }, { supports_vision: false }, { takesImages: false }],
    ['reasoning', { supports_reasoning: true }, {}, { reasons: false, takesSampling: false }],
    ['limits', { max_output_tokens: 64_000 }, { max_output_tokens: 8_192 }, { maxOutputTokens: 8_192 }],
    ['a limit of one', { max_output_tokens: 64_000 }, {}, { maxOutputTokens: 64_000 }],
    ['sampling', {}, { supports_sampling_params: false }, { takesSampling: false }],
    ['forced tools', {}, { supports_forced_tool_use: false }, { takesForcedTools: false }],
    ['schemas', { supports_native_structured_output: true }, {}, { takesSchema: false }],
    [
      'efforts',
      { supports_reasoning: true, supports_xhigh_reasoning_effort: true },
      { supports_reasoning: true, supports_minimal_reasoning_effort: true },
      { reasons: true, efforts: ['low', 'medium', 'high'] },
    ],
    [
      'a way to think',
      { supports_reasoning: true, supports_adaptive_thinking: true },
      { supports_reasoning: true },
      { reasons: false, thinksAdaptively: false },
    ],
  ])('%s', (_name, one, other, traits) => {
    for (const both of bothWays(entry('anthropic/claude-a', one), entry('anthropic/claude-b', other)))
      expect(both).toMatchObject(traits);
  });

  test('marks for the cache, and how much it may write', () => {
    const marked = entry('anthropic/claude-b', able, { cache_control: {}, max_tokens: 4_000 });
    const other = entry('anthropic/claude-a', able, { max_tokens: 9_000 });
    for (const both of bothWays(marked, other))
      expect(both).toMatchObject({ cacheMarks: 3, usualMaxTokens: 4_000, reasons: true, takesImages: true });
  });

  test.each(['api_base', 'base_url', 'litellm_credential_name'])(
    'an address in %s where all have one',
    (key) => {
      const own = entry('openai/x', {}, { [key]: 'http://127.0.0.1:1' });
      expect(traitsOf(own, own).hasOtherAddress).toBe(true);
      for (const both of bothWays(own, entry('openai/y'))) expect(both.hasOtherAddress).toBe(false);
    },
  );

  test.each(['https://api.openai.com/v1', 'https://eu.api.openai.com/v1'])(
    'none where it is that of OpenAI: %s',
    (api_base) => {
      expect(traitsOf(entry('openai/x', {}, { api_base })).hasOtherAddress).toBe(false);
    },
  );
});

test.each([
  [undefined, undefined, undefined],
  [undefined, ['low'], ['low']],
  [['low'], ['high'], []],
])('[RT-4] the efforts of deployments that take %j and %j are %j', (one, other, efforts) => {
  const of = [plainChat({ efforts: one }), plainChat({ efforts: other })];
  expect(traitsOfAll(of, true).efforts).toEqual(efforts);
});

const asked = { model: 'any', input: [{ role: 'user', content: 'hi' }] };

describe('[RT-4] what one provider wants back is sent to no other deployment of its name', () => {
  test('reasoning of a provider of chats', () => {
    for (const traits of bothWays(entry('deepseek/r1', able), entry('groq/r1', able))) {
      const sides = { client: responsesClient, provider: chatProvider };
      const { names, request } = translateRequest(asked, sides, traits);
      const message = { role: 'assistant', content: 'ok', reasoning_content: 'thought' };
      const answer = { choices: [{ index: 0, message, finish_reason: 'stop' }] };
      const events = chatProvider.readAnswer(answer, names, traits);
      const output = objectsIn(responsesClient.writeAnswer(events, request, 0)['output']);
      expect(output.map(({ type }) => type)).toEqual(['reasoning', 'message']);
      const next = { ...asked, input: [...asked.input, ...output, { role: 'user', content: 'on' }] };
      expect(JSON.stringify(translateRequest(next, sides, traits).body)).not.toContain('thought');
    }
  });

  test('what OpenAI encrypted', () => {
    for (const traits of bothWays(entry('openai/gpt-5', able), entry('azure/gpt-5', able))) {
      const sides = { client: messagesClient, provider: responsesProvider };
      const body = {
        model: 'any',
        max_tokens: 99,
        thinking: { type: 'adaptive' },
        messages: [{ role: 'user', content: 'hi' }],
      };
      const { names, request } = translateRequest(body, sides, traits);
      const answer = {
        status: 'completed',
        output: [
          { type: 'reasoning', summary: [], encrypted_content: 'gAAAAblob' },
          { type: 'message', content: [{ type: 'output_text', text: 'ok' }] },
        ],
      };
      const events = responsesProvider.readAnswer(answer, names, traits);
      const content = messagesClient.writeAnswer(events, request, 0)['content'];
      const messages = [...body.messages, { role: 'assistant', content }, { role: 'user', content: 'on' }];
      expect(JSON.stringify(translateRequest({ ...body, messages }, sides, traits).body)).not.toContain(
        'gAAAA',
      );
    }
  });
});
