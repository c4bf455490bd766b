import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatClient } from '../../../middleware/protocol/apis/chat/translation/client.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import {
  eventFrame,
  objectAt,
  objectsIn,
  readEvent,
} from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import type { AnswerEvent } from '../../../middleware/protocol/translation/answer-event.ts';
import { CallInput } from '../../../middleware/protocol/translation/inputs/call-input.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import type {
  ClientTranslation,
  ProviderTranslation,
} from '../../../middleware/protocol/translation/translation-codec.ts';
import { growsLinearly } from '../../support/grows-linearly.ts';
import { claude, plainChat } from '../../support/strict/models.ts';

const responsesBody = {
  ...{ model: 'm', input: 'go', stream: true },
  tools: [
    { type: 'custom', name: 'exec', description: 'Runs.' },
    { type: 'function', name: 'read', parameters: { type: 'object', properties: {} } },
  ],
};
const functions = [{ type: 'function', function: { name: 'read', parameters: {} } }];
const bodies = new Map<ClientTranslation, JsonObject>([
  [responsesClient, responsesBody],
  [chatClient, { model: 'm', stream: true, messages: [{ role: 'user', content: 'go' }], tools: functions }],
  [
    messagesClient,
    {
      ...{ model: 'm', stream: true, max_tokens: 9, messages: [{ role: 'user', content: 'go' }] },
      tools: [{ name: 'read', input_schema: { type: 'object' } }],
    },
  ],
]);

/** Pieces of calls as a provider of the chat API streams them. */
const chatStream = (deltas: readonly JsonObject[], reason: string): readonly JsonObject[] => [
  ...deltas.map((delta) => ({ id: 'c1', choices: [{ index: 0, delta }] })),
  { choices: [{ index: 0, delta: {}, finish_reason: reason }] },
];
const piece = (index: number, args: string, more: JsonObject = {}): JsonObject => {
  const { name, ...rest } = more;
  const named = name === undefined ? {} : { name };
  return { tool_calls: [{ index, ...rest, function: { ...named, arguments: args } }] };
};
const oneCall = (name: string, args: string, reason: string): readonly JsonObject[] =>
  chatStream([piece(0, args, { id: 'call_1', name })], reason);
const claudeCall = (name: string, json: string, reason: string): readonly JsonObject[] => [
  { type: 'message_start', message: { id: 'm1', model: 'm' } },
  { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 't1', name, input: {} } },
  { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: json } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: reason } },
  { type: 'message_stop' },
];

function answered(
  client: ClientTranslation,
  provider: ProviderTranslation,
  stream: readonly JsonObject[],
): readonly JsonObject[] {
  const traits = provider === chatProvider ? plainChat({}) : claude({});
  const translated = translateRequest(bodies.get(client) ?? {}, { client, provider }, traits);
  const reader = provider.openReader(translated.names, traits);
  const writer = client.openWriter(translated.request, 0);
  const events: readonly AnswerEvent[] = [
    ...stream.flatMap((event) => reader.read(eventFrame(event))),
    ...reader.finish(),
  ];
  return events.flatMap((event) => writer.write(event)).map((frame) => readEvent(frame) ?? {});
}

const doneItems = (frames: readonly JsonObject[]): readonly JsonObject[] =>
  frames.filter(({ type }) => type === 'response.output_item.done').map((frame) => objectAt(frame, 'item'));
const responsesOf = (stream: readonly JsonObject[]): readonly JsonObject[] =>
  answered(responsesClient, chatProvider, stream);

describe('[RT-4] a call that is not whole is never given as one', () => {
  test.each([
    ['a text', 'exec', '{"input":"rm -rf /tmp/a'],
    ['a function', 'read', '{"path":"/tmp/a'],
    ['nothing of it', 'read', ''],
  ])('the output limit cuts %s of a chat API', (_what, name, args) => {
    const frames = responsesOf(oneCall(name, args, 'length'));
    expect(doneItems(frames)).toEqual([]);
    expect(frames.at(-1)).toMatchObject({
      type: 'response.incomplete',
      response: { status: 'incomplete', output: [], incomplete_details: { reason: 'max_output_tokens' } },
    });
  });

  test.each([
    ['max_tokens', 'response.incomplete'],
    ['tool_use', 'response.failed'],
  ])('Claude ends one with %s', (reason, type) => {
    const stream = claudeCall('exec', '{"input":"rm -rf /tmp/a', reason);
    const frames = answered(responsesClient, messagesProvider, stream);
    expect(doneItems(frames)).toEqual([]);
    expect(frames.at(-1)).toMatchObject({ type });
  });

  test('a provider says that it is whole, and it is not', () => {
    const frames = responsesOf(oneCall('read', '{"path":"/tmp/a', 'tool_calls'));
    expect(doneItems(frames)).toEqual([]);
    expect(frames.at(-1)).toMatchObject({ type: 'response.failed' });
  });

  test('a client of Anthropic sees no end of its block', () => {
    const frames = answered(messagesClient, chatProvider, oneCall('read', '{"path":"/tmp/a', 'length'));
    expect(frames.map(({ type }) => type)).not.toContain('content_block_stop');
    expect(frames.at(-2)).toMatchObject({ delta: { stop_reason: 'max_tokens' } });
  });

  test('a client of the chat API is told of the limit', () => {
    const frames = answered(
      chatClient,
      messagesProvider,
      claudeCall('read', '{"path":"/tmp/a', 'max_tokens'),
    );
    expect(objectsIn(frames.at(-2)?.['choices'])).toMatchObject([{ finish_reason: 'length' }]);
  });

  test('one that is whole goes out, also where the limit came behind it', () => {
    const frames = responsesOf(oneCall('exec', '{"input":"ls"}', 'length'));
    expect(doneItems(frames)).toMatchObject([{ type: 'custom_tool_call', input: 'ls' }]);
  });
});

describe('[RT-4] arguments as open models write them', () => {
  test.each([
    ['a line end as it is', '{"input":"keep\nall\tof it"}', 'keep\nall\tof it'],
    ['an escape that JSON does not know', String.raw`{"input":"keep \d+ all"}`, String.raw`keep \d+ all`],
    ['half an escape', String.raw`{"input":"keep \u12 all"}`, String.raw`keep \u12 all`],
    ['half an escape at the end', String.raw`{"input":"keep \u12"}`, String.raw`keep \u12`],
    ['another member', '{"cmd":"keep\nall"}', 'keep\nall'],
  ])('%s', (_what, args, text) => {
    const letters = Array.from(args, (letter) => piece(0, letter, { id: 'call_1', name: 'exec' }));
    for (const deltas of [[piece(0, args, { id: 'call_1', name: 'exec' })], letters])
      expect(doneItems(responsesOf(chatStream(deltas, 'tool_calls')))).toMatchObject([{ input: text }]);
  });

  test.each(['{"input":"keep "this" too"}', '{"input":"one","input":"two"}'])(
    'what cannot follow the text that was given fails: %s',
    (args) => {
      const frames = responsesOf(oneCall('exec', args, 'tool_calls'));
      expect(doneItems(frames)).toEqual([]);
      expect(frames.at(-1)).toMatchObject({ type: 'response.failed' });
    },
  );

  test('a long text takes time in proportion', async () => {
    await growsLinearly(
      (size) => ['{"input":"', ...Array.from({ length: size }, () => 'line of\\n'), '"}'],
      (pieces) => {
        const input = new CallInput(true);
        for (const text of pieces) input.add(text);
        input.end(false);
      },
      8000,
    );
  });
});

describe('[RT-4] several calls of a chat API', () => {
  const inputs = (frames: readonly JsonObject[]): readonly unknown[] =>
    doneItems(frames).map((item) => item['input'] ?? item['arguments']);

  test('their pieces come in turns', () => {
    const frames = responsesOf(
      chatStream(
        [
          piece(0, '{"path":', { id: 'a', name: 'read' }),
          piece(1, '{"inp', { id: 'b', name: 'exec' }),
          piece(0, '"x"}'),
          piece(1, 'ut":"ls"}'),
        ],
        'tool_calls',
      ),
    );
    expect(inputs(frames)).toEqual(['{"path":"x"}', 'ls']);
    expect(frames.at(-1)).toMatchObject({ type: 'response.completed' });
  });

  test('a text between the pieces of one does not cut it', () => {
    const frames = responsesOf(
      chatStream(
        [piece(0, '{"path":', { id: 'a', name: 'read' }), { content: '\n' }, piece(0, '"x"}')],
        'tool_calls',
      ),
    );
    expect(inputs(frames)).toContain('{"path":"x"}');
    expect(doneItems(frames).map(({ type }) => type)).toEqual(['function_call', 'message']);
  });

  test('a piece without an id and a name begins none', () => {
    const frames = responsesOf(chatStream([piece(3, '{}'), { content: 'hi' }], 'stop'));
    expect(doneItems(frames).map(({ type }) => type)).toEqual(['message']);
  });

  test.each([{ id: null }, {}])('each has an id, also where its provider gives %j', (given) => {
    const frames = responsesOf(
      chatStream(
        [piece(0, '{}', { ...given, name: 'read' }), piece(1, '{}', { ...given, name: 'read' })],
        'tool_calls',
      ),
    );
    const ids = doneItems(frames).map((item) => String(item['call_id']));
    expect(ids).toEqual([expect.stringMatching(/^call_\w+$/), expect.stringMatching(/^call_\w+$/)]);
    expect(new Set(ids).size).toBe(2);
  });
});
