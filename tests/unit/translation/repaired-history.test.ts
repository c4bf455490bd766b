import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient as client } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import { sealOriginal } from '../../../middleware/protocol/translation/original.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import type { ProviderTranslation } from '../../../middleware/protocol/translation/translation-codec.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';

const gemini = plainChat({ provider: 'gemini' });
const traitsOf = new Map([
  [messagesProvider, claude({})],
  [chatProvider, gemini],
  [responsesProvider, openai({})],
]);
const user = { role: 'user', content: 'go' };
const says = (text: string): JsonObject => ({ role: 'assistant', content: [{ type: 'output_text', text }] });
const call = (call_id: string): JsonObject => ({
  ...{ type: 'function_call', call_id, name: 'read' },
  arguments: '{}',
});
const result = (call_id: string, output: string): JsonObject => ({
  type: 'function_call_output',
  call_id,
  output,
});

function written(provider: ProviderTranslation, input: readonly JsonObject[]): readonly JsonObject[] {
  const traits = traitsOf.get(provider) ?? claude({});
  const { body } = translateRequest({ model: 'm', input }, { client, provider }, traits);
  const marked = JSON.stringify(body['messages'] ?? body['input']);
  return JSON.parse(marked.replaceAll(/,"cache_control":\{[^}]*\}/g, '')) as readonly JsonObject[];
}

describe('[RT-4] what a model says behind its calls', () => {
  const signed = {
    ...{ type: 'reasoning', summary: [] },
    encrypted_content: sealOriginal({
      ...{ origin: 'openai-compatible', provider: 'gemini' },
      blocks: [{ message: {}, calls: { a: { thought_signature: 'of a' } } }],
    }),
  };
  const turn = [user, call('a'), says('I did.'), signed, result('a', '1')];

  test.each([messagesProvider, chatProvider, responsesProvider])(
    'stands before their results, and the conversation goes on with the same bytes',
    (provider) => {
      const first = written(provider, turn);
      const next = written(provider, [...turn, call('b'), result('b', '2')]);
      // Claude's messages of one speaker are one.
      expect(JSON.stringify(next)).toContain(JSON.stringify(first).slice(0, -2));
      expect(JSON.stringify(first)).not.toContain('Continue.');
    },
  );

  test('takes no signature from the calls', () => {
    const messages = written(chatProvider, turn);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
    expect(messages[1]).toMatchObject({
      content: 'I did.',
      tool_calls: [{ id: 'a', provider_specific_fields: { thought_signature: 'of a' } }],
    });
  });
});

describe('[RT-4] a second result of a call', () => {
  test.each([messagesProvider, chatProvider, responsesProvider])(
    'is told, where it says another thing',
    (provider) => {
      const input = [
        user,
        call('a'),
        call('b'),
        result('a', 'first'),
        result('a', 'second'),
        result('b', 'other'),
      ];
      const json = JSON.stringify(written(provider, input));
      for (const text of ['first', 'second', 'other']) expect(json.split(text)).toHaveLength(2);
      expect(json).toContain('A further result of an earlier tool call:');
    },
  );

  test('is left out where it says the same', () => {
    const messages = written(chatProvider, [user, call('a'), result('a', 'first'), result('a', 'first')]);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
  });
});

test('[RT-4] a function of the name of a tool of another kind is another tool', () => {
  const parameters = { type: 'object', properties: { query: { type: 'string' } } };
  const tools = [
    { type: 'function', name: 'tool_search', parameters },
    { type: 'tool_search', execution: 'client', description: 'd', parameters },
    { type: 'function', name: 'local_shell', parameters },
    { type: 'local_shell' },
  ];
  const sides = { client, provider: chatProvider };
  const { body, names } = translateRequest({ model: 'm', input: [user], tools }, sides, gemini);
  const offered = objectsIn(body['tools']).map((tool) => (tool['function'] as JsonObject)['name'] as string);
  expect(offered.map((name) => names.toolOf(name).kind)).toEqual([
    'function',
    'search',
    'function',
    'local_shell',
  ]);
  expect(new Set(offered).size).toBe(4);
});

describe('[RT-4] a client of the Messages API that names an effort', () => {
  const answer = {
    status: 'completed',
    output: [
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: 'gAAAA' },
      { type: 'message', content: [{ type: 'output_text', text: 'hello' }] },
    ],
  };
  test.each<[JsonObject, readonly string[], string | undefined]>([
    [{}, ['text'], undefined],
    [{ thinking: { type: 'adaptive' } }, ['thinking', 'text'], 'auto'],
    [{ thinking: { type: 'adaptive', display: 'omitted' } }, ['text'], undefined],
  ])('and asks for %j', (more, types, summary) => {
    const body = {
      ...{ model: 'm', max_tokens: 9_000, messages: [user], output_config: { effort: 'low' } },
      ...more,
    };
    const sides = { client: messagesClient, provider: responsesProvider };
    const traits = openai({});
    const { request, names, body: sent } = translateRequest(body, sides, traits);
    expect(sent['reasoning']).toEqual({ effort: 'low', ...(summary === undefined ? {} : { summary }) });
    const events = responsesProvider.readAnswer(answer, names, traits);
    const content = objectsIn(messagesClient.writeAnswer(events, request, 1)['content']);
    expect(content.map(({ type }) => type)).toEqual(types);
    const writer = messagesClient.openWriter(request, 1);
    const frames = events.flatMap((event) => writer.write(event)).map(({ raw }) => raw.toString());
    expect(frames.join('').includes('"thinking"')).toBe(types.includes('thinking'));
  });
});
