import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient as client } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { CallIds } from '../../../middleware/protocol/translation/call-id.ts';
import { sealOriginal } from '../../../middleware/protocol/translation/original.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { growsLinearly } from '../../support/grows-linearly.ts';
import { claude, plainChat } from '../../support/strict/models.ts';

const says = (content: string): JsonObject => ({ role: 'user', content });
const call = (call_id: string, path: string): JsonObject => ({
  ...{ type: 'function_call', call_id, name: 'read' },
  arguments: JSON.stringify({ path }),
});
const result = (call_id: string, output: string): JsonObject => ({
  type: 'function_call_output',
  call_id,
  output,
});
const signed = (callId: string): JsonObject => ({
  type: 'reasoning',
  summary: [],
  encrypted_content: sealOriginal({
    origin: 'openai-compatible',
    provider: 'gemini',
    blocks: [{ message: {}, calls: { [callId]: { thought_signature: `of ${callId}` } } }],
  }),
});

function chatMessages(input: readonly JsonObject[]): readonly JsonObject[] {
  const body = { model: 'm', input, tools: [{ type: 'function', name: 'read', parameters: {} }] };
  const traits = plainChat({ provider: 'gemini' });
  return objectsIn(translateRequest(body, { client, provider: chatProvider }, traits).body['messages']);
}

const callIds = (messages: readonly JsonObject[]): readonly unknown[] =>
  messages.flatMap((message) => objectsIn(message['tool_calls']).map(({ id }) => id));
const results = (messages: readonly JsonObject[]): readonly unknown[] =>
  messages.flatMap((message) =>
    message['role'] === 'tool' ? [[message['tool_call_id'], message['content']]] : [],
  );

describe('[RT-4] ids of calls that a server gives again', () => {
  test.each([
    [
      'in a later turn',
      [says('go'), call('c', 'a'), result('c', '1'), says('on'), call('c', 'a'), result('c', '2')],
    ],
    ['in the next step', [says('go'), call('c', 'a'), result('c', '1'), call('c', 'b'), result('c', '2')]],
    ['in one step', [says('go'), call('c', 'a'), call('c', 'b'), result('c', '1'), result('c', '2')]],
  ])('%s: both calls keep their results', (_where, input) => {
    const messages = chatMessages(input);
    expect(callIds(messages)).toEqual(['c', 'c_2']);
    expect(results(messages)).toEqual([
      ['c', '1'],
      ['c_2', '2'],
    ]);
  });

  test('a call that was interrupted takes no result of a later one', () => {
    const messages = chatMessages([says('go'), call('c', 'a'), says('on'), call('c', 'a'), result('c', '2')]);
    expect(results(messages)).toEqual([
      ['c', expect.stringContaining('interrupted')],
      ['c_2', '2'],
    ]);
  });

  test('a call that stands there twice stays one', () => {
    const messages = chatMessages([says('go'), call('c', 'a'), call('c', 'a'), result('c', '1')]);
    expect(results(messages)).toEqual([['c', '1']]);
  });

  test('signatures go back with their own call', () => {
    const turn = (output: string): readonly JsonObject[] => [
      call('c', 'a'),
      signed('c'),
      result('c', output),
    ];
    const messages = chatMessages([says('go'), ...turn('1'), says('on'), ...turn('2')]);
    const fields = messages.flatMap((message) =>
      objectsIn(message['tool_calls']).map((one) => one['provider_specific_fields']),
    );
    expect(fields).toEqual([{ thought_signature: 'of c' }, { thought_signature: 'of c' }]);
  });
});

describe('[RT-4] ids of calls that a provider refuses', () => {
  const ids = ['functions.exec:0', 'x'.repeat(65), 'ok-1_A'];
  const input = ids.flatMap((id) => [call(id, 'a'), signed(id), result(id, 'done')]);

  test('a chat API gets others, the same for a call, its result and its signature', () => {
    const messages = chatMessages([says('go'), ...input]);
    const written = callIds(messages);
    expect(written).toEqual([
      expect.stringMatching(/^call_[\da-f]{24}$/),
      expect.stringMatching(/^call_[\da-f]{24}$/),
      'ok-1_A',
    ]);
    expect(results(messages)).toEqual(written.map((id) => [id, 'done']));
    const calls = messages.flatMap((message) => objectsIn(message['tool_calls']));
    expect(calls.map((one) => one['provider_specific_fields'])).toEqual(
      ids.map((id) => ({ thought_signature: `of ${id}` })),
    );
  });

  test('Claude gets others as well', () => {
    const body = { model: 'm', input: [says('go'), ...input] };
    const translated = translateRequest(body, { client, provider: messagesProvider }, claude({}));
    const blocks = objectsIn(translated.body['messages']).flatMap(({ content }) => objectsIn(content));
    const of = (type: string, member: string): readonly string[] =>
      blocks.filter((block) => block['type'] === type).map((block) => String(block[member]));
    expect(of('tool_use', 'id').every((id) => /^[a-zA-Z0-9_-]{1,64}$/.test(id))).toBe(true);
    expect(of('tool_result', 'tool_use_id')).toEqual(of('tool_use', 'id'));
  });
});

test.each([
  ['an id that providers take', 'call_0'],
  ['one that is too long for them', 'x'.repeat(80)],
])('[RT-4] many calls of one id, %s, take no more time than as many ids', async (_name, id) => {
  const history = (size: number): readonly JsonObject[] =>
    Array.from({ length: size }, (_, at) => [call(id, `${at}`), result(id, `${at}`)]).flat();
  expect(new Set(callIds(chatMessages([...history(30), says('go')]))).size).toBe(30);
  await growsLinearly(history, (input) => chatMessages([...input, says('go')]), 300);
});

test('[RT-4] many calls of one id in an answer get ids in no more time than as many ids', async () => {
  await growsLinearly(
    (size) => size,
    (size) => {
      const ids = new CallIds([]);
      const given = Array.from({ length: size }, () => ids.next('functions.same:0'));
      expect(new Set(given).size).toBe(size);
    },
    1_000,
  );
});
