import { describe, expect, test } from '@jest/globals';
import type Anthropic from '@anthropic-ai/sdk';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import type { ModelTraits } from '../../../middleware/protocol/translation/model-traits.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { readByAnthropic } from '../../support/clients/read-by-anthropic.ts';
import { holds } from '../../support/fuzz.ts';
import { faultsOfChat } from '../../support/strict/chat-rules.ts';
import { messagesBodies } from '../../support/strict/made-up-messages.ts';
import { plainChat } from '../../support/strict/models.ts';

const sides = { client: messagesClient, provider: chatProvider };
const traits = plainChat({ reasons: true, provider: 'gemini' });
const asked = { role: 'user', content: 'go' } as const;
const tools = [{ name: 'Write', description: 'd', input_schema: { type: 'object', properties: {} } }];
const thinking = { type: 'enabled', budget_tokens: 10_000 };
const sent = { model: 'gemini', max_tokens: 32_000, stream: true, messages: [asked], tools, thinking };

const input = { path: 'a.txt', content: 'a "b"\u2028🎉' };
const fields = { thought_signature: 'signed' };
const call = { id: 'call_1', type: 'function', provider_specific_fields: fields };
const args = JSON.stringify(input);
const usage = { prompt_tokens: 10, completion_tokens: 30, prompt_tokens_details: { cached_tokens: 3 } };
/** As LiteLLM streams an answer of Gemini's. */
const deltas: readonly JsonObject[] = [
  { role: 'assistant', content: '' },
  { reasoning_content: 'Let me ' },
  { reasoning_content: 'see.' },
  { content: 'I will ' },
  { content: 'write.' },
  { tool_calls: [{ ...call, index: 0, function: { name: 'Write', arguments: args.slice(0, 9) } }] },
  { tool_calls: [{ index: 0, function: { arguments: args.slice(9) } }] },
];
const chunks: readonly JsonObject[] = [
  ...deltas.map((delta) => ({ id: 'c', choices: [{ index: 0, delta }] })),
  { id: 'c', choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
  { id: 'c', choices: [], usage },
];
const whole = {
  id: 'c',
  choices: [
    {
      finish_reason: 'tool_calls',
      message: {
        content: 'I will write.',
        reasoning_content: 'Let me see.',
        tool_calls: [{ ...call, function: { name: 'Write', arguments: args } }],
      },
    },
  ],
  usage,
};

function streamed(request: JsonObject, events: readonly JsonObject[] = chunks): Promise<Anthropic.Message> {
  return readByAnthropic(request, { provider: chatProvider, traits, events });
}

function answered(request: JsonObject): JsonObject {
  const translated = translateRequest(request, sides, traits);
  const read = chatProvider.readAnswer(whole, translated.names, traits);
  return messagesClient.writeAnswer(read, translated.request, 1);
}

describe('[RT-4] whatever a client of the Messages API sends, a provider of chats takes', () => {
  test.each([
    ['one that does not reason', plainChat({})],
    ['one that reasons, without pictures', plainChat({ reasons: true, takesImages: false })],
  ] satisfies [string, ModelTraits][])('%s', async (_name, model) => {
    await holds(
      [messagesBodies],
      (body) => {
        const { body: written } = translateRequest(body, sides, model);
        expect(faultsOfChat(written, { takesReasoning: true })).toEqual([]);
        expect(Number(written['max_tokens'])).toBeLessThanOrEqual(model.maxOutputTokens ?? 0);
      },
      400,
    );
  });
});

const content = [
  { type: 'thinking', thinking: 'Let me see.' },
  { type: 'text', text: 'I will write.' },
  { type: 'tool_use', id: 'call_1', name: 'Write', input },
  { type: 'thinking', thinking: '' },
];
const counted = { input_tokens: 7, cache_read_input_tokens: 3, output_tokens: 30 };

test("[RT-4] Anthropic's SDK reads an answer of another provider's, as a stream and whole", async () => {
  const expected = { role: 'assistant', stop_reason: 'tool_use', content, usage: counted };
  expect(await streamed(sent)).toMatchObject(expected);
  expect(answered({ ...sent, stream: false })).toMatchObject(expected);
});

test.each([
  ['a client that asked for thinking', sent],
  ['one that did not', { ...sent, thinking: undefined }],
])('[RT-4] what the provider wants back goes back in the turns after it: %s', async (_name, request) => {
  const turn = { role: 'assistant', content: (await streamed(request)).content };
  const result = { type: 'tool_result', tool_use_id: 'call_1', content: 'ok' };
  const messages = [asked, turn, { role: 'user', content: [result] }];
  const { body } = translateRequest({ ...request, messages }, sides, traits);
  expect(objectsIn(body['messages'])).toEqual([
    asked,
    {
      role: 'assistant',
      content: 'I will write.',
      reasoning_content: 'Let me see.',
      tool_calls: [{ ...call, function: { name: 'Write', arguments: args } }],
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'ok' },
  ]);
});

test('[RT-4] the first block is the text for a client that asked for no thinking', async () => {
  const types = (await streamed({ ...sent, thinking: undefined })).content.map(({ type }) => type);
  expect(types).toEqual(['text', 'tool_use', 'thinking']);
});

test('[RT-4] tools that a search of the client has to find are offered from then on', () => {
  const search = { name: 'ToolSearch', input_schema: { type: 'object' } };
  const deferred = { ...tools[0], defer_loading: true };
  const found = { type: 'tool_reference', tool_name: 'Write' };
  const turns = [
    asked,
    { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'ToolSearch', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: [found] }] },
  ];
  const offered = [[asked], turns].map((messages) => {
    const { body } = translateRequest({ ...sent, messages, tools: [search, deferred] }, sides, traits);
    return objectsIn(body['tools']).map((tool) => (tool['function'] as JsonObject)['name']);
  });
  expect(offered).toEqual([['ToolSearch'], ['ToolSearch', 'Write']]);
});

test("[RT-4] what Claude Code says for Anthropic's books does not change the beginning for others", () => {
  const system = [
    { type: 'text', text: 'x-anthropic-billing-header: cc_version=2; cch=12345;' },
    { type: 'text', text: 'You are Claude Code.' },
  ];
  const { body } = translateRequest({ ...sent, system }, sides, traits);
  expect(objectsIn(body['messages'])[0]).toEqual({ role: 'system', content: 'You are Claude Code.' });
});

test('[RT-4] a conversation that is too long is an error by which Claude Code knows it', async () => {
  const failed = [
    ...chunks.slice(0, 2),
    { error: { message: "This model's maximum context length is 131072 tokens", code: 400 } },
  ];
  await expect(streamed(sent, failed)).rejects.toThrow(/prompt is too long/);
});

test('[RT-4] Claude gets a conversation without the thinking of others, its own byte for byte', async () => {
  const { content: blocks } = await streamed(sent);
  const claudes = '{"role":"assistant",  "content":[{"type":"thinking","thinking":"hm","signature":"s"}]}';
  const turn = JSON.stringify({ role: 'assistant', content: blocks });
  const thought = JSON.stringify({ role: 'assistant', content: blocks.slice(0, 1) });
  const json = Buffer.from(`{"model":"claude", "messages":[${claudes}, ${turn}, ${thought}]}`);
  const request = {
    api: 'messages',
    path: '/messages',
    headers: [],
    raw: json,
    contentEncoding: undefined,
    json,
    head: { model: 'claude', stream: false },
  } as const;
  const kept = JSON.stringify({ role: 'assistant', content: blocks.slice(1, 3) });
  expect(messagesClient.withoutSeals(request, undefined).json.toString()).toBe(
    `{"model":"claude", "messages":[${claudes},${kept}]}`,
  );
  const plain = { ...request, json: Buffer.from(`{"messages":[${claudes}]}`) };
  expect(messagesClient.withoutSeals(plain, undefined)).toBe(plain);
});
