import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { eventFrame, objectsIn, readEvent } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import type { AnswerEvent } from '../../../middleware/protocol/translation/answer-event.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import type { ProviderTranslation } from '../../../middleware/protocol/translation/translation-codec.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';

const traitsOf = new Map([
  [messagesProvider, claude({})],
  [chatProvider, plainChat({})],
  [responsesProvider, openai({})],
]);
const translated = (provider: ProviderTranslation): ReturnType<typeof translateRequest> =>
  translateRequest(
    { model: 'm', input: 'go', tools: [{ type: 'function', name: 'read', parameters: {} }] },
    { client: responsesClient, provider },
    traitsOf.get(provider) ?? claude({}),
  );

function streamed(provider: ProviderTranslation, stream: readonly JsonObject[]): readonly AnswerEvent[] {
  const { names, traits } = translated(provider);
  const reader = provider.openReader(names, traits);
  return [...stream.flatMap((event) => reader.read(eventFrame(event))), ...reader.finish()];
}
function whole(provider: ProviderTranslation, answer: JsonObject): readonly AnswerEvent[] {
  const { names, traits } = translated(provider);
  return provider.readAnswer(answer, names, traits);
}

/** The inputs of the calls that ended, the texts that did, and the end. */
function told(events: readonly AnswerEvent[]): readonly string[] {
  const parts: string[] = [];
  let text = '';
  for (const event of events) {
    if (event.kind === 'call-begin') text = '';
    if ('delta' in event) text += event.delta;
    if (event.kind === 'call-end' || event.kind === 'text-end') parts.push(text);
    if (event.kind === 'call-cut') parts.push('cut');
    if (event.kind === 'text-end' || event.kind === 'call-cut') text = '';
    if (event.kind === 'end') parts.push(event.reason);
    if (event.kind === 'failed') parts.push('failed');
  }
  return parts;
}

const started = (index: number, input: JsonObject = {}): JsonObject => ({
  ...{ type: 'content_block_start', index },
  content_block: { type: 'tool_use', id: `t${index}`, name: 'read', input },
});
const json = (index: number, partial_json: string): JsonObject => ({
  ...{ type: 'content_block_delta', index },
  delta: { type: 'input_json_delta', partial_json },
});
const stopped = (index: number): JsonObject => ({ type: 'content_block_stop', index });
const ended = (stop_reason: string): readonly JsonObject[] => [
  { type: 'message_delta', delta: { stop_reason } },
  { type: 'message_stop' },
];
const said = [
  { type: 'content_block_start', index: 1, content_block: { type: 'text', text: 'hi' } },
  stopped(1),
];

describe('[RT-4] the last call of an answer that its limit cut off', () => {
  test.each<[string, readonly JsonObject[], readonly string[]]>([
    ['without any input', [started(0), stopped(0)], ['cut']],
    ['with an empty piece', [started(0), json(0, ''), stopped(0)], ['cut']],
    ['with an input at its begin', [started(0, { path: 'x' }), stopped(0)], ['cut']],
    ['whose block has no end', [started(0), json(0, '{"path":')], ['cut']],
    ['whose JSON is whole', [started(0), json(0, '{"path":"x"}'), stopped(0)], ['{"path":"x"}']],
    ['behind one without input', [started(0), stopped(0), started(1), stopped(1)], ['', 'cut']],
    ['with a text behind it', [started(0), stopped(0), ...said], ['', 'hi']],
  ])('of Claude, streamed, %s', (_what, blocks, expected) => {
    for (const [reason, end] of [
      ['max_tokens', 'limit'],
      ['refusal', 'filtered'],
    ] as const)
      expect(told(streamed(messagesProvider, [...blocks, ...ended(reason)]))).toEqual([...expected, end]);
  });

  test('one without input of an answer that was not cut off is whole, and ends before what follows', () => {
    const blocks = [started(0), stopped(0), started(1), stopped(1)];
    expect(told(streamed(messagesProvider, [...blocks, ...ended('tool_use')]))).toEqual(['', '', 'calls']);
  });

  test('an end that is known is given at once', () => {
    const { names, traits } = translated(messagesProvider);
    const reader = messagesProvider.openReader(names, traits);
    const events = [started(0), json(0, '{"path":"x"}'), stopped(0)];
    expect(events.flatMap((event) => reader.read(eventFrame(event))).at(-1)).toEqual({
      kind: 'call-end',
      isObject: true,
    });
  });

  test.each([{}, { path: 'x' }])('of Claude, whole, with %j', (input) => {
    const call = { type: 'tool_use', id: 't', name: 'read', input };
    const answer = { type: 'message', content: [call, call], stop_reason: 'max_tokens' };
    const first = Object.keys(input).length === 0 ? '' : JSON.stringify(input);
    expect(told(whole(messagesProvider, answer))).toEqual([first, 'cut', 'limit']);
    expect(told(whole(messagesProvider, { ...answer, stop_reason: 'tool_use' }))).toEqual([
      ...[first, first],
      'calls',
    ]);
  });
});

const choice = (delta: JsonObject, finish_reason: string | null = null): JsonObject => ({
  choices: [{ index: 0, delta, finish_reason }],
});
const piece = (index: number, id: string, args: string): JsonObject => ({
  index,
  ...(id === '' ? {} : { id }),
  function: { ...(id === '' ? {} : { name: 'read' }), arguments: args },
});
const calls = (...pieces: readonly JsonObject[]): JsonObject => choice({ tool_calls: pieces });

describe('[RT-4] calls of a chat API', () => {
  test.each<[string, readonly JsonObject[], readonly string[]]>([
    ['none with input', [calls(piece(0, 'a', ''), piece(1, 'b', ''))], ['cut', 'cut']],
    ['the last with input', [calls(piece(0, 'a', ''), piece(1, 'b', '{}'))], ['cut', '{}']],
    ['a text behind half a call', [calls(piece(0, 'a', '{"p":')), choice({ content: 'hi' })], ['cut', 'hi']],
  ])('two are cut off: %s', (_what, chunks, expected) => {
    const events = streamed(chatProvider, [...chunks, choice({}, 'length')]);
    expect(told(events)).toEqual([...expected, 'limit']);
  });

  test.each<[string, readonly JsonObject[]]>([
    ['one after the other', [calls(piece(0, 'c', '{"a":1}')), calls(piece(1, 'c', '{"b":2}'))]],
    [
      'in turns',
      [
        calls(piece(0, 'c', '{"a"'), piece(1, 'c', '{"b"')),
        calls(piece(0, '', ':1}')),
        calls(piece(1, '', ':2}')),
      ],
    ],
    [
      'with the id in every piece',
      [
        calls(piece(0, 'c', '{"a"')),
        calls({ ...piece(0, '', ':1}'), id: 'c' }),
        calls(piece(1, 'c', '{"b"')),
        calls({ ...piece(1, '', ':2}'), id: 'c' }),
      ],
    ],
  ])('two with one id stay two: %s', (_what, chunks) => {
    const events = streamed(chatProvider, [...chunks, choice({}, 'tool_calls')]);
    expect(told(events)).toEqual(['{"a":1}', '{"b":2}', 'calls']);
  });

  test('two with one index are told apart by their ids', () => {
    const chunks = [
      calls(piece(0, 'c', '{"a"')),
      calls(piece(0, 'd', '{"b"')),
      calls({ ...piece(0, '', ':1}'), id: 'c' }),
      calls({ ...piece(0, '', ':2}'), id: 'd' }),
    ];
    const events = streamed(chatProvider, [...chunks, choice({}, 'tool_calls')]);
    expect(told(events)).toEqual(['{"a":1}', '{"b":2}', 'calls']);
  });
});

test('[RT-4] what stands behind a call that was cut off is not lost', () => {
  const status = 'incomplete';
  const message = { type: 'message', content: [{ type: 'output_text', text: 'hi' }] };
  const call = { type: 'function_call', name: 'read', call_id: 'c', arguments: '', status };
  const answer = {
    ...{ status, incomplete_details: { reason: 'max_output_tokens' } },
    output: [call, message],
  };
  // Nothing can be missing of one that another item stands behind, unless it says so itself.
  const earlier = { ...answer, output: [{ ...call, status: 'completed' }, message] };
  expect(told(whole(responsesProvider, earlier))).toEqual(['', 'hi', 'limit']);
  const events = whole(responsesProvider, answer);
  expect(told(events)).toEqual(['cut', 'hi', 'limit']);
  const body = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'go' }] };
  const { request } = translateRequest(
    body,
    { client: messagesClient, provider: responsesProvider },
    openai({}),
  );
  expect(messagesClient.writeAnswer(events, request, 1)).toMatchObject({
    content: [{ type: 'text', text: 'hi' }],
    stop_reason: 'max_tokens',
  });
  const writer = messagesClient.openWriter(request, 1);
  const frames = events.flatMap((event) => writer.write(event)).map((frame) => readEvent(frame) ?? {});
  expect(frames.filter(({ type }) => type === 'content_block_stop')).toEqual([
    { type: 'content_block_stop', index: 1 },
  ]);
  const asked = translated(responsesProvider).request;
  expect(objectsIn(responsesClient.writeAnswer(events, asked, 1)['output'])).toMatchObject([
    { type: 'message', content: [{ text: 'hi' }] },
  ]);
});
