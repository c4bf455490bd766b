import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { eventFrame } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import type { AnswerEvent } from '../../../middleware/protocol/translation/answer-event.ts';
import { ToolNames } from '../../../middleware/protocol/translation/tool-names.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { readByAnthropic } from '../../support/clients/read-by-anthropic.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';

const exec = { kind: 'custom', namespace: undefined, name: 'exec' } as const;
const names = new ToolNames([exec]);

/** A call as each provider streams it, its input in the pieces given, and as each gives it whole. */
const chatCall = (name: string, pieces: readonly string[]): readonly JsonObject[] => [
  ...pieces.map((args, at) => ({
    choices: [
      {
        delta: {
          tool_calls: [{ index: 0, id: 'c', function: { ...(at === 0 ? { name } : {}), arguments: args } }],
        },
      },
    ],
  })),
  { choices: [{ delta: {}, finish_reason: 'tool_calls' }] },
];
const claudeCall = (name: string, pieces: readonly string[]): readonly JsonObject[] => [
  { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 'c', name, input: {} } },
  ...pieces.map((partial_json) => ({
    ...{ type: 'content_block_delta', index: 0 },
    delta: { type: 'input_json_delta', partial_json },
  })),
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
  { type: 'message_stop' },
];
const openaiCall = (name: string, pieces: readonly string[]): readonly JsonObject[] => {
  const item = { type: 'function_call', id: 'fc', call_id: 'c', name, arguments: '' };
  const done = { ...item, arguments: pieces.join(''), status: 'completed' };
  return [
    { type: 'response.output_item.added', output_index: 0, item },
    ...pieces.map((delta) => ({ type: 'response.function_call_arguments.delta', output_index: 0, delta })),
    { type: 'response.output_item.done', output_index: 0, item: done },
    { type: 'response.completed', response: { status: 'completed', output: [done] } },
  ];
};
const providers = [
  [chatProvider, plainChat({}), chatCall],
  [messagesProvider, claude({}), claudeCall],
  [responsesProvider, openai({}), openaiCall],
] as const;

/** What is given of the call by each provider: its input, or why there is none. */
function given(name: string, pieces: readonly string[]): readonly (string | undefined)[] {
  return providers.map(([provider, traits, stream]) => {
    const reader = provider.openReader(names, traits);
    const events: readonly AnswerEvent[] = [
      ...stream(name, pieces).flatMap((event) => reader.read(eventFrame(event))),
      ...reader.finish(),
    ];
    const isWhole = events.some(({ kind }) => kind === 'call-end');
    expect(events.at(-1)?.kind).toBe(isWhole ? 'end' : 'failed');
    return isWhole ? events.map((event) => ('delta' in event ? event.delta : '')).join('') : undefined;
  });
}
const all = (value: string | undefined): readonly (string | undefined)[] => providers.map(() => value);
const nested = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

describe('[RT-4] arguments of a call that its provider ended', () => {
  test.each([
    ['a piece twice', ['{"a":1}', '{"a":1}']],
    ['a piece twice, with a line end between', ['{"a":1}\n', '{"a":1}']],
    ['an empty object first', ['{}', '{"a":1}']],
    ['two lists', ['[1]', '[1]']],
    ['half a piece twice', ['{"a":1', '{"a":1']],
  ])('that are more than one value are not given: %s', (_what, pieces) => {
    expect(given('read', pieces)).toEqual(all(undefined));
    expect(given('exec', pieces)).toEqual(all(undefined));
  });

  test.each([
    ...[
      '{"a":NaN}',
      '{"a":1,}',
      '\ufeff{"a":1}',
      '{"a":1}\u0000',
      '{"a":1}}',
      'ls -l',
      "{'a':1}",
      '[1]',
      'null',
    ],
    ...['{"a":"\\u0000"}', '{"a":1}<|im_end|>', '{{"a":1}{"a":2}}'],
  ])('go letter by letter to clients that read JSON themselves: %j', (args) => {
    expect(given('read', [args])).toEqual(all(args));
    expect(given('read', Array.from(args))).toEqual(all(args));
  });

  test('a text that is no JSON may look like two values', () => {
    const code = '{ let a = 1 } { let b = 2 }';
    expect(given('exec', [code])).toEqual(all(code));
  });

  test('are not given where they are nested deeper than a conversation can be sent', () => {
    expect(given('read', [nested(500)])).toEqual(all(nested(500)));
    for (const depth of [501, 5_000, 100_000]) expect(given('read', [nested(depth)])).toEqual(all(undefined));
  });

  test('may be nested as deep as they like within a text', () => {
    const text = '['.repeat(1_000);
    expect(given('exec', [JSON.stringify({ input: text })])).toEqual(all(text));
    expect(given('read', [JSON.stringify({ a: text })])).toEqual(all(JSON.stringify({ a: text })));
  });
});

describe('[RT-4] arguments in an answer that is no stream', () => {
  const deep: unknown = JSON.parse(nested(20_000));

  test('are no whole call where they are objects nested too deep', () => {
    const call = { function: { name: 'read', arguments: deep } };
    const answers = [
      chatProvider.readAnswer(
        { choices: [{ message: { tool_calls: [call] }, finish_reason: 'tool_calls' }] },
        names,
        plainChat({}),
      ),
      messagesProvider.readAnswer(
        { content: [{ type: 'tool_use', id: 't', name: 'read', input: deep }], stop_reason: 'tool_use' },
        names,
        claude({}),
      ),
      responsesProvider.readAnswer(
        { status: 'completed', output: [{ type: 'function_call', name: 'read', arguments: deep }] },
        names,
        openai({}),
      ),
    ];
    for (const events of answers) expect(events.at(-1)).toMatchObject({ kind: 'failed' });
  });
});

describe('[RT-4] a client of the Messages API, which takes objects', () => {
  const ask = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'go' }] };
  const answer = (args: string): Promise<Anthropic.Message> =>
    readByAnthropic(
      { ...ask, stream: true },
      {
        ...{ provider: chatProvider, traits: plainChat({}) },
        events: chatCall('read', [args]),
      },
    );

  test.each(['{"a":NaN}', '[1]', 'null', '"x"', 'ls'])('hears of a failure instead of %s', async (args) => {
    await expect(answer(args)).rejects.toThrow('is no JSON object');
  });

  test('gets what is one', async () => {
    const { content } = await answer('{"a":"line\nend"}');
    expect(content).toMatchObject([{ type: 'tool_use', input: { a: 'line\nend' } }]);
  });

  test.each(['{"a":NaN}', '[1]', 'null', '"x"', 'ls'])(
    'hears of it also where the answer is no stream: %s',
    (args) => {
      const sides = { client: messagesClient, provider: chatProvider };
      const { request } = translateRequest(ask, sides, plainChat({}));
      const message = { tool_calls: [{ id: 'c', function: { name: 'read', arguments: args } }] };
      const choices = [{ message, finish_reason: 'tool_calls' }];
      const events = chatProvider.readAnswer({ choices }, names, plainChat({}));
      expect(() => messagesClient.writeAnswer(events, request, 1)).toThrow('is no JSON object');
    },
  );
});

test('[RT-4] a call of white space alone in the history goes to every provider as one without arguments', () => {
  const call = { type: 'function_call', name: 'read', call_id: 'c', arguments: ' \n' };
  const input = [
    { role: 'user', content: 'go' },
    call,
    { type: 'function_call_output', call_id: 'c', output: 'ok' },
  ];
  const written = providers.map(([provider, traits]) =>
    JSON.stringify(
      translateRequest({ model: 'm', input }, { client: responsesClient, provider }, traits).body,
    ),
  );
  for (const body of written) expect(body).toMatch(/"(?:arguments":"\{\}"|input":\{\})/);
});

test.each([nested(501), nested(20_000), '[1]', 'null', '{"a":NaN}', '\ufeff{}', '{"a":1}{"a":1}'])(
  '[RT-4] a call of any shape in the history goes to every provider as an object: %#',
  (args) => {
    const body = {
      model: 'm',
      input: [
        { type: 'message', role: 'user', content: 'go' },
        { type: 'function_call', name: 'read', call_id: 'c', arguments: args },
        { type: 'function_call_output', call_id: 'c', output: 'ok' },
      ],
    };
    for (const [provider, traits] of providers) {
      const written = translateRequest(body, { client: responsesClient, provider }, traits).body;
      const read = (key: string, value: unknown): unknown =>
        key === 'arguments' ? JSON.parse(String(value)) : value;
      expect(JSON.stringify(written, read)).toContain(JSON.stringify({ input: args }));
    }
  },
);
