import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { eventFrame } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import { ToolNames } from '../../../middleware/protocol/translation/tool-names.ts';
import { holds } from '../../support/fuzz.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';
import { ToldByEvents } from '../../support/told-by-events.ts';

const names = new ToolNames([{ kind: 'custom', namespace: undefined, name: 'exec' }]);

interface Called {
  readonly name: string;
  readonly pieces: readonly string[];
}

/** Calls one behind the other, as each API streams them. */
const chatCalls = (calls: readonly Called[]): readonly JsonObject[] => [
  ...calls.flatMap(({ name, pieces }, index) =>
    ['', ...pieces].map((args, at) => ({
      choices: [
        {
          delta: {
            tool_calls: [
              at === 0
                ? { index, id: `c${index}`, function: { name, arguments: args } }
                : { index, function: { arguments: args } },
            ],
          },
        },
      ],
    })),
  ),
  { choices: [{ delta: {}, finish_reason: 'tool_calls' }] },
];
const claudeCalls = (calls: readonly Called[]): readonly JsonObject[] => [
  ...calls.flatMap(({ name, pieces }, index) => [
    {
      ...{ type: 'content_block_start', index },
      content_block: { type: 'tool_use', id: `c${index}`, name, input: {} },
    },
    ...pieces.map((partial_json) => ({
      ...{ type: 'content_block_delta', index },
      delta: { type: 'input_json_delta', partial_json },
    })),
    { type: 'content_block_stop', index },
  ]),
  { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
  { type: 'message_stop' },
];
const openaiCalls = (calls: readonly Called[]): readonly JsonObject[] => [
  ...calls.flatMap(({ name, pieces }, output_index) => {
    const item = { type: 'function_call', id: `f${output_index}`, call_id: `c${output_index}`, name };
    return [
      { type: 'response.output_item.added', output_index, item: { ...item, arguments: '' } },
      ...pieces.map((delta) => ({
        ...{ type: 'response.function_call_arguments.delta', output_index, item_id: item.id },
        delta,
      })),
      { type: 'response.output_item.done', output_index, item: { ...item, arguments: pieces.join('') } },
    ];
  }),
  { type: 'response.completed', response: { status: 'completed', output: [] } },
];
const providers = [
  ['chat', chatProvider, plainChat({}), chatCalls],
  ['messages', messagesProvider, claude({}), claudeCalls],
  ['responses', responsesProvider, openai({}), openaiCalls],
] as const;

function told(
  [, provider, traits]: (typeof providers)[number],
  events: readonly JsonObject[],
): Pick<ToldByEvents, 'last' | 'calls'> {
  const reader = provider.openReader(names, traits);
  return new ToldByEvents([...events.flatMap((event) => reader.read(eventFrame(event))), ...reader.finish()]);
}

/** A text cut at these places; at one that is told twice an empty piece comes. */
function cutAt(text: string, places: readonly number[]): readonly string[] {
  const cuts = places.map((place) => place % (text.length + 1)).sort((one, other) => one - other);
  return [0, ...cuts].map((from, index) => text.slice(from, cuts[index] ?? text.length));
}

const hardTexts = fc.constantFrom('\\', '"', '\\"', 'echo "hi"\\', '\u2028', '\n\\u', '🎉', '}{', '');
const texts = fc.oneof(hardTexts, fc.string({ unit: 'binary' }));
const places = fc.array(fc.nat(), { maxLength: 12 });
const called = fc.oneof(
  fc
    .tuple(fc.dictionary(texts, fc.oneof(texts, fc.jsonValue())), fc.boolean(), places)
    .map(([value, isAscii, at]) => ({ name: 'read', value, json: written(value, isAscii), at })),
  fc
    .tuple(texts, fc.boolean(), places)
    .map(([value, isAscii, at]) => ({ name: 'exec', value, json: written({ input: value }, isAscii), at })),
);

/** As JSON, with what is beyond ASCII in escapes, as some providers write it. */
function written(value: unknown, isAscii: boolean): string {
  const json = JSON.stringify(value);
  const escaped = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return isAscii ? json.replace(/[^ -~]/g, escaped) : json;
}

describe.each(providers.map((one) => [one[0], one] as const))('[RT-4] the %s API', (_api, provider) => {
  test('has every whole call given letter by letter, wherever it is cut, with empty pieces in it', () =>
    holds(
      [fc.array(called, { minLength: 1, maxLength: 3 })],
      (all) => {
        const calls = all.map(({ name, json, at }) => ({ name, pieces: cutAt(json, at) }));
        const expected = all.map(({ name, json, value }) => (name === 'exec' ? value : json));
        const got = told(provider, provider[3](calls));
        expect(got.last).toBe('end');
        expect(got.calls.map(({ input }) => input)).toEqual(expected);
      },
      400,
    ));

  test.each([
    [['{"cmd":"echo \\', '', '"hi\\""}']],
    [['{"a":"x\\', '', '\\"}']],
    [['{"a":"\\', '', 'u00', '', 'e9"}']],
  ])('takes an empty piece within an escape: %j', (pieces) => {
    const got = told(provider, provider[3]([{ name: 'read', pieces }]));
    expect(got.calls.map(({ input }) => input)).toEqual([pieces.join('')]);
  });
});

describe('[RT-4] two inputs of one call', () => {
  const piece = (index: number, args: string, id?: string): JsonObject => ({
    choices: [{ delta: { tool_calls: [{ index, id, function: { name: id && 'read', arguments: args } }] } }],
  });
  const end = { choices: [{ delta: {}, finish_reason: 'tool_calls' }] };
  const [chat, messages] = providers;

  test.each([
    ['', [piece(0, '{"a":1}', 'c'), piece(0, '{"a":2}'), end]],
    ['with another between', [piece(0, '{"a":1}', 'c'), piece(1, '{}', 'd'), piece(0, '{"a":2}'), end]],
    ['the same', [piece(0, '{"a":1}', 'c'), piece(1, '{}', 'd'), piece(0, '{"a":1}'), end]],
    [
      'at its limit',
      [
        piece(0, '{}', 'c'),
        piece(1, '{}', 'd'),
        piece(0, '{"a":2}'),
        { choices: [{ delta: {}, finish_reason: 'length' }] },
      ],
    ],
  ])('are a fault at a chat API, %s', (_how, events) => {
    expect(told(chat, events).last).toBe('failed');
  });

  test('are none where white space alone comes behind it', () => {
    const events = [piece(0, '{"a":1}', 'c'), piece(1, '{}', 'd'), piece(0, '\n'), piece(1, ''), end];
    expect(told(chat, events)).toMatchObject({ last: 'end', calls: [{ input: '{"a":1}' }, { input: '{}' }] });
  });

  const block = { type: 'tool_use', id: 't', name: 'read', input: { a: 1 } };
  const begun = (...pieces: readonly string[]): readonly JsonObject[] => [
    { type: 'content_block_start', index: 0, content_block: block },
    ...pieces.map((partial_json) => ({
      ...{ type: 'content_block_delta', index: 0 },
      delta: { type: 'input_json_delta', partial_json },
    })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
    { type: 'message_stop' },
  ];

  test.each([[[]], [['']], [[' ', '\n']], [['{"a":1}']], [['{ "a":', ' 1 }']]])(
    'are one where Claude begins a block with what its deltas say: %j',
    (pieces) => {
      expect(told(messages, begun(...pieces))).toMatchObject({ last: 'end', calls: [{ input: '{"a":1}' }] });
    },
  );

  test.each([[['{"a":2}']], [['{"a":1']], [['{"a":1}', '{"a":1}']]])(
    'are a fault where its deltas say another: %j',
    (pieces) => {
      expect(told(messages, begun(...pieces))).toMatchObject({ last: 'failed', calls: [] });
    },
  );
});
