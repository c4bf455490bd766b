import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { eventFrame } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import type { AnswerEvent } from '../../../middleware/protocol/translation/answer-event.ts';
import { ToolNames } from '../../../middleware/protocol/translation/tool-names.ts';
import type { ProviderTranslation } from '../../../middleware/protocol/translation/translation-codec.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';
import { ToldByEvents } from '../../support/told-by-events.ts';

const traitsOf = new Map([
  [chatProvider, plainChat({})],
  [messagesProvider, claude({})],
  [responsesProvider, openai({})],
]);

function read(provider: ProviderTranslation, events: readonly JsonObject[]): readonly AnswerEvent[] {
  const reader = provider.openReader(new ToolNames([]), traitsOf.get(provider) ?? plainChat({}));
  return [...events.flatMap((event) => reader.read(eventFrame(event))), ...reader.finish()];
}
const inputs = (events: readonly AnswerEvent[]): readonly string[] =>
  new ToldByEvents(events).calls.map(({ input }) => input);

const tool = { type: 'tool_use', id: 't', name: 'read', input: {} };
const claudeEnd = [
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
  { type: 'message_stop' },
];

test.each([
  { type: 'text_delta', text: 'Hi' },
  { type: 'thinking_delta', thinking: 'Hm' },
])('[RT-4] what Claude says within a call breaks its answer off: %j', (delta) => {
  const events = read(messagesProvider, [
    { type: 'content_block_start', index: 0, content_block: tool },
    { type: 'content_block_delta', index: 0, delta },
    ...claudeEnd,
  ]);
  expect(new ToldByEvents(events)).toMatchObject({ last: 'failed', calls: [] });
});

test('[RT-4] what is said within a block that only Anthropic knows says nothing', () => {
  const events = read(messagesProvider, [
    { type: 'content_block_start', index: 0, content_block: { type: 'server_tool_use' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'x' } },
    ...claudeEnd,
  ]);
  expect(new ToldByEvents(events)).toMatchObject({ last: 'end', texts: '' });
});

const item = (id: string, more: JsonObject = {}): JsonObject => ({
  ...{ type: 'function_call', id, call_id: `c${id}`, name: 'read', arguments: '', ...more },
});
const added = (output_index: number, one: JsonObject): JsonObject => ({
  ...{ type: 'response.output_item.added', output_index },
  item: one,
});
const done = (output_index: number, one: JsonObject): JsonObject => ({
  ...{ type: 'response.output_item.done', output_index },
  item: one,
});
const piece = (output_index: number, item_id: string, delta: string): JsonObject => ({
  ...{ type: 'response.function_call_arguments.delta', output_index, item_id },
  delta,
});
const completed = { type: 'response.completed', response: { status: 'completed', output: [] } };

describe('[RT-4] items of the Responses API', () => {
  test('that their provider ended half have nothing to follow', () => {
    const events = read(responsesProvider, [
      added(0, item('a')),
      done(0, item('a', { arguments: '{"a', status: 'incomplete' })),
      piece(0, 'a', '{}'),
      done(0, item('a', { arguments: '{}' })),
      completed,
    ]);
    expect(new ToldByEvents(events)).toMatchObject({ last: 'failed', calls: [] });
  });

  test('that have one number are told apart by their ids', () => {
    const message = { type: 'message', id: 'm', content: [{ type: 'output_text', text: 'Hi' }] };
    const events = read(responsesProvider, [
      added(0, { ...message, content: [] }),
      done(0, message),
      added(0, item('a')),
      piece(0, 'a', '{"a":'),
      added(0, item('b')),
      piece(0, 'b', '{"b":2}'),
      piece(0, 'a', '1}'),
      done(0, item('a', { arguments: '{"a":1}' })),
      done(0, item('b', { arguments: '{"b":2}' })),
      completed,
    ]);
    expect(inputs(events)).toEqual(['{"a":1}', '{"b":2}']);
    expect(new ToldByEvents(events)).toMatchObject({ last: 'end', texts: 'Hi' });
  });

  test('whose id is another at their end are one all the same', () => {
    const events = read(responsesProvider, [
      added(0, item('a')),
      piece(0, 'a', '{}'),
      done(0, item('z', { arguments: '{}' })),
      completed,
    ]);
    expect(inputs(events)).toEqual(['{}']);
  });
});

describe('[RT-4] a chat API', () => {
  const choice = (delta: JsonObject, finish_reason: string | null = null): JsonObject => ({
    choices: [{ delta, finish_reason }],
  });
  const call = (args: string): JsonObject => ({
    tool_calls: [{ index: 0, id: 'c', function: { name: 'read', arguments: args } }],
  });

  test.each([
    ['a call is not whole', choice({}, 'tool_calls')],
    ['it breaks off', choice({}, 'error')],
    ['it fails', { error: { message: 'full' } }],
  ])('has all told that it said, also where %s', (_how, end) => {
    const events = read(chatProvider, [choice(call('{"a":')), choice({ content: 'Hi' }), end]);
    expect(new ToldByEvents(events)).toMatchObject({ last: 'failed', texts: 'Hi', calls: [] });
  });

  test('has no arguments where it gives white space alone', () => {
    const events = read(chatProvider, [choice(call(' ')), choice(call('\n')), choice({}, 'tool_calls')]);
    expect(new ToldByEvents(events).calls).toEqual([{ isCustom: false, isObject: true, input: '' }]);
    const spaced = read(chatProvider, [choice(call(' ')), choice(call('{}')), choice({}, 'tool_calls')]);
    expect(inputs(spaced)).toEqual([' {}']);
  });
});
