import { describe, expect, test } from '@jest/globals';
import { objectIn, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { objectAt, objectsIn, readEvent } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesAnswer } from '../../../middleware/protocol/apis/responses/local-answer.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { frameBytes, parseFrame } from '../../../middleware/protocol/sse/sse-frame.ts';
import type { ModelTraits } from '../../../middleware/protocol/translation/model-traits.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import type { ProviderTranslation } from '../../../middleware/protocol/translation/translation-codec.ts';
import { claude, plainChat } from '../../support/strict/models.ts';

const patch = '*** Begin Patch\n*** Add File: a.txt\n+before\u2028after "quoted" 🎉\n*** End Patch\n';
const tools = [
  { type: 'function', name: 'exec_command', parameters: { type: 'object', properties: {} } },
  { type: 'custom', name: 'apply_patch', description: 'Edits.' },
  {
    type: 'namespace',
    name: 'mcp__docs',
    description: '',
    tools: [{ type: 'function', name: 'search', parameters: {} }],
  },
  { type: 'tool_search', execution: 'client', description: 'd', parameters: {} },
];
const asked = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'go' }] };

interface Provider {
  readonly provider: ProviderTranslation;
  readonly traits: ModelTraits;
  /** A turn with thoughts, a text and calls of four kinds, as the provider streams it. */
  readonly stream: readonly JsonObject[];
}

function messagesStream(): readonly JsonObject[] {
  const blocks: readonly (readonly [JsonObject, ...JsonObject[]])[] = [
    [
      { type: 'thinking', thinking: '', signature: '' },
      { type: 'thinking_delta', thinking: 'Let me ' },
      { type: 'thinking_delta', thinking: 'see.' },
      { type: 'signature_delta', signature: 'signed' },
    ],
    [{ type: 'redacted_thinking', data: 'hidden' }],
    [
      { type: 'text', text: '' },
      { type: 'text_delta', text: 'I will ' },
      { type: 'text_delta', text: 'edit.' },
    ],
    [{ type: 'tool_use', id: 'toolu_1', name: 'apply_patch', input: {} }, ...inputDeltas({ input: patch })],
    [{ type: 'tool_use', id: 'toolu_2', name: 'exec_command', input: {} }, ...inputDeltas({ cmd: 'ls' })],
    [{ type: 'tool_use', id: 'toolu_3', name: 'mcp__docs__search', input: {} }],
    [{ type: 'tool_use', id: 'toolu_4', name: 'tool_search', input: { query: 'q' } }],
  ];
  return [
    {
      type: 'message_start',
      message: {
        id: 'msg_1',
        model: 'claude',
        usage: {
          input_tokens: 5,
          cache_read_input_tokens: 3,
          cache_creation_input_tokens: 2,
          output_tokens: 1,
        },
      },
    },
    ...blocks.flatMap(([start, ...deltas], index) => [
      { type: 'content_block_start', index, content_block: start },
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]),
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 30, cost: 0.5 } },
    { type: 'message_stop' },
  ];
}

function inputDeltas(input: JsonObject): readonly JsonObject[] {
  const json = JSON.stringify(input);
  return [json.slice(0, 20), json.slice(20)].map((piece) => ({
    type: 'input_json_delta',
    partial_json: piece,
  }));
}

function chatStream(): readonly JsonObject[] {
  const call = (index: number, id: string, name: string, args: string): readonly JsonObject[] => [
    {
      tool_calls: [
        {
          index,
          id,
          type: 'function',
          function: { name, arguments: '' },
          provider_specific_fields: { thought_signature: `of ${index}` },
        },
      ],
    },
    { tool_calls: [{ index, function: { arguments: args.slice(0, 20) } }] },
    { tool_calls: [{ index, function: { arguments: args.slice(20) } }] },
  ];
  const deltas: readonly JsonObject[] = [
    { role: 'assistant', content: '' },
    { reasoning_content: 'Let me ' },
    { reasoning_content: 'see.' },
    { content: 'I will ' },
    { content: 'edit.' },
    ...call(0, 'call_1__thought__c2lnbmVk', 'apply_patch', JSON.stringify({ input: patch })),
    ...call(1, 'call_2', 'exec_command', '{"cmd":"ls"}'),
    ...call(2, 'call_3', 'mcp__docs__search', ''),
    ...call(3, 'call_4', 'tool_search', '{"query":"q"}'),
  ];
  return [
    ...deltas.map((delta) => ({ id: 'c1', model: 'm', choices: [{ index: 0, delta }] })),
    { id: 'c1', choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
    {
      id: 'c1',
      choices: [],
      usage: {
        prompt_tokens: 10,
        completion_tokens: 30,
        prompt_tokens_details: { cached_tokens: 3 },
        cost: 0.5,
      },
    },
  ];
}

const providers: readonly (readonly [string, Provider])[] = [
  ['Messages', { provider: messagesProvider, traits: claude({}), stream: messagesStream() }],
  [
    'Chat Completions',
    {
      provider: chatProvider,
      traits: plainChat({ provider: 'deepseek', reasons: true }),
      stream: chatStream(),
    },
  ],
];

/** The events that the client gets. */
function translated({ provider, traits, stream }: Provider, sent: JsonObject): readonly JsonObject[] {
  const { request, names } = translateRequest(sent, { client: responsesClient, provider }, traits);
  const reader = provider.openReader(names, traits);
  const writer = responsesClient.openWriter(request, 1);
  const events = stream.flatMap((event) => reader.read(parseFrame(frameBytes(JSON.stringify(event)))));
  return [...events, ...reader.finish()]
    .flatMap((event) => writer.write(event))
    .map((frame) => readEvent(frame) ?? {});
}

const sent = { model: 'm', stream: true, input: [asked], tools, reasoning: { effort: 'high' } };

describe.each(providers)('an answer of the %s API for a client of the Responses API', (_name, provider) => {
  const events = translated(provider, sent);
  const done = events
    .filter(({ type }) => type === 'response.output_item.done')
    .map((event) => objectAt(event, 'item'));

  test('[RT-4] each call comes in its exact kind, with the letters that the model wrote', () => {
    const calls = done.filter(({ call_id: id }) => id !== undefined);
    expect(calls).toMatchObject([
      { type: 'custom_tool_call', name: 'apply_patch', input: patch },
      { type: 'function_call', name: 'exec_command', arguments: '{"cmd":"ls"}' },
      { type: 'function_call', name: 'search', namespace: 'mcp__docs', arguments: '{}' },
      { type: 'tool_search_call', execution: 'client', arguments: { query: 'q' } },
    ]);
    expect(calls.every(({ call_id: id }) => String(id).length <= 64)).toBe(true);
  });

  test('[RT-4] it streams as the API does: deltas make up what is done, and all is numbered', () => {
    const of = (type: string): string =>
      events
        .filter((event) => event['type'] === type)
        .map((event) => String(event['delta']))
        .join('');
    expect(of('response.custom_tool_call_input.delta')).toBe(patch);
    expect(of('response.output_text.delta')).toBe('I will edit.');
    expect(of('response.reasoning_summary_text.delta')).toBe('Let me see.');
    expect(events.map((event) => event['sequence_number'])).toEqual(events.map((_event, index) => index));
    const added = events
      .filter(({ type }) => type === 'response.output_item.added')
      .map((event) => event['output_index']);
    expect(added).toEqual(done.map((_item, index) => index));
  });

  test('[RT-4] it ends with all items and what they cost', () => {
    const last = objectAt(events.at(-1) ?? {}, 'response');
    expect(last).toMatchObject({ status: 'completed', output: done });
    expect(last['usage']).toMatchObject({
      input_tokens: 10,
      input_tokens_details: { cached_tokens: 3 },
      output_tokens: 30,
      cost: 0.5,
    });
  });

  test('it has each member that an answer of ours has', () => {
    const head = { id: 'x', model: 'm', nowSeconds: 1, includeUsage: true };
    const own = Object.keys(objectIn(responsesAnswer(head, 'hi').json));
    expect(Object.keys(objectAt(events.at(-1) ?? {}, 'response'))).toEqual(expect.arrayContaining(own));
  });

  test('[RT-4] its thoughts go back as the provider gave them, in the next turn and in each after it', () => {
    const outputs = done.flatMap(({ type, call_id: id }) => {
      if (type === 'custom_tool_call')
        return [{ type: 'custom_tool_call_output', call_id: id, output: 'ok' }];
      return id === undefined ? [] : [{ type: 'function_call_output', call_id: id, output: 'ok' }];
    });
    const later = {
      ...sent,
      input: [asked, ...done, ...outputs, { role: 'assistant', content: 'done' }, asked],
    };
    const { body } = translateRequest(later, { client: responsesClient, ...provider }, provider.traits);
    const [, turn = {}] = objectsIn(body['messages']).filter(({ role }) => role !== 'system');
    expect(turn).toMatchObject(provider.provider === messagesProvider ? claudesTurn : chatsTurn);
  });
});

const claudesTurn = {
  role: 'assistant',
  content: [
    { type: 'thinking', thinking: 'Let me see.', signature: 'signed' },
    { type: 'redacted_thinking', data: 'hidden' },
    { type: 'text', text: 'I will edit.' },
    { type: 'tool_use', id: 'toolu_1', name: 'apply_patch', input: { input: patch } },
    { type: 'tool_use', id: 'toolu_2', name: 'exec_command', input: { cmd: 'ls' } },
    { type: 'tool_use', id: 'toolu_3', name: 'mcp__docs__search', input: {} },
    { type: 'tool_use', id: 'toolu_4', name: 'tool_search', input: { query: 'q' } },
  ],
};

const chatsTurn = {
  role: 'assistant',
  content: 'I will edit.',
  reasoning_content: 'Let me see.',
  tool_calls: [
    {
      id: 'call_1',
      function: { name: 'apply_patch' },
      provider_specific_fields: { thought_signature: 'of 0' },
    },
    {
      id: 'call_2',
      function: { arguments: '{"cmd":"ls"}' },
      provider_specific_fields: { thought_signature: 'of 1' },
    },
    {
      id: 'call_3',
      function: { name: 'mcp__docs__search' },
      provider_specific_fields: { thought_signature: 'of 2' },
    },
    {
      id: 'call_4',
      function: { name: 'tool_search' },
      provider_specific_fields: { thought_signature: 'of 3' },
    },
  ],
};
