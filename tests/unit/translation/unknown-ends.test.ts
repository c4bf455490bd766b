import { describe, expect, test } from '@jest/globals';
import { isJsonObject, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatClient } from '../../../middleware/protocol/apis/chat/translation/client.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { eventFrame, readEvent } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { compactionClient } from '../../../middleware/protocol/apis/responses/translation/compaction-client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import type { AnswerEvent } from '../../../middleware/protocol/translation/answer-event.ts';
import { ToolNames } from '../../../middleware/protocol/translation/tool-names.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import type {
  ClientTranslation,
  ProviderTranslation,
} from '../../../middleware/protocol/translation/translation-codec.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';

const patch = { kind: 'custom', namespace: undefined, name: 'apply_patch' } as const;
const names = new ToolNames([patch]);
const traitsOf = new Map([
  [chatProvider, plainChat({})],
  [messagesProvider, claude({})],
  [responsesProvider, openai({})],
]);

function streamed(provider: ProviderTranslation, events: readonly JsonObject[]): readonly AnswerEvent[] {
  const reader = provider.openReader(names, traitsOf.get(provider) ?? plainChat({}));
  return [...events.flatMap((event) => reader.read(eventFrame(event))), ...reader.finish()];
}
function whole(provider: ProviderTranslation, answer: JsonObject): readonly AnswerEvent[] {
  return provider.readAnswer(answer, names, traitsOf.get(provider) ?? plainChat({}));
}

const reason = 'weird_end';
const halfPatch = '*** Begin Patch\n*** Update File: a';
const calls = [
  ['apply_patch', halfPatch],
  ['read', '{"path":"x"}'],
  ['read', ''],
] as const;

function chatAnswer(name: string, args: string): JsonObject {
  const call = { index: 0, id: 'c', function: { name, arguments: args } };
  return { content: 'Half a', tool_calls: [call] };
}
const callItem = (name: string, args: string, status: string): JsonObject => ({
  ...{ type: 'function_call', id: 'fc', call_id: 'c', name, arguments: args, status },
});
const message = (text: string): JsonObject => ({
  ...{ type: 'message', id: 'm', status: 'completed', content: [{ type: 'output_text', text }] },
});

/** An object with at least these members, at whatever depth. */
function like(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(like);
  if (!isJsonObject(value)) return value;
  return expect.objectContaining(
    Object.fromEntries(Object.entries(value).map(([key, member]) => [key, like(member)])),
  );
}

describe('[RT-4] of an answer with an end that nobody knows', () => {
  test.each(calls)('no call is given that its provider did not end itself: %s %j', (name, args) => {
    const delta = chatAnswer(name, args);
    const item = callItem(name, args, 'in_progress');
    const answers = [
      streamed(chatProvider, [{ choices: [{ index: 0, delta, finish_reason: reason }] }]),
      whole(chatProvider, { choices: [{ index: 0, message: delta, finish_reason: reason }] }),
      whole(messagesProvider, {
        ...{ type: 'message', stop_reason: reason },
        content: [
          { type: 'text', text: 'Half a' },
          { type: 'tool_use', id: 't', name, input: { a: 1 } },
        ],
      }),
      whole(responsesProvider, { status: reason, output: [message('Half a'), item] }),
      streamed(responsesProvider, [
        { type: 'response.output_item.added', output_index: 0, item: message('') },
        { type: 'response.output_item.done', output_index: 0, item: message('Half a') },
        { type: 'response.output_item.added', output_index: 1, item },
        { type: 'response.completed', response: { status: reason, output: [] } },
      ]),
    ];
    for (const events of answers) {
      expect(events.map(({ kind }) => kind)).not.toContain('call-end');
      expect(events).toContainEqual({ kind: 'text', delta: 'Half a' });
      expect(events.at(-1)).toMatchObject({ kind: 'end', reason: 'unknown', told: reason });
    }
  });

  test('what the provider ended itself is whole', () => {
    const items = [callItem('read', '{"path":"x"}', 'completed'), message('Half a')];
    const events = whole(responsesProvider, { status: reason, output: items });
    expect(events.map(({ kind }) => kind)).toContain('call-end');
  });

  test.each<[string, ClientTranslation, JsonObject, JsonObject, JsonObject]>([
    [
      'the Responses API',
      responsesClient,
      { model: 'm', input: 'go' },
      { type: 'response.incomplete', response: { incomplete_details: { reason } } },
      { status: 'incomplete', incomplete_details: { reason }, output: [{ type: 'message' }] },
    ],
    [
      'the Chat Completions API',
      chatClient,
      { model: 'm', messages: [{ role: 'user', content: 'go' }] },
      { choices: [{ finish_reason: 'length' }] },
      { choices: [{ finish_reason: 'length', message: { content: 'Half a' } }] },
    ],
    [
      'the Messages API',
      messagesClient,
      { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'go' }] },
      { type: 'message_delta', delta: { stop_reason: 'max_tokens' } },
      { stop_reason: 'max_tokens', content: [{ type: 'text', text: 'Half a' }] },
    ],
  ])('a client of %s hears that it may be half', (_api, client, body, frame, answer) => {
    const { request } = translateRequest(body, { client, provider: chatProvider }, plainChat({}));
    const choice = { index: 0, finish_reason: reason };
    const events = streamed(chatProvider, [{ choices: [{ ...choice, delta: { content: 'Half a' } }] }]);
    const writer = client.openWriter(request, 1);
    const frames = events.flatMap((event) => writer.write(event)).map((one) => readEvent(one) ?? {});
    expect(frames.slice(-2)).toContainEqual(like(frame));
    expect(client.writeAnswer(events, request, 1)).toMatchObject(answer);
  });

  test('there is no summary', () => {
    const events = whole(chatProvider, {
      choices: [{ index: 0, finish_reason: reason, message: { content: 'Half a summary' } }],
    });
    const body = { model: 'm', input: [{ type: 'message', role: 'user', content: 'go' }] };
    const { request } = translateRequest(
      body,
      { client: compactionClient, provider: chatProvider },
      plainChat({}),
    );
    expect(() => compactionClient.writeAnswer(events, request, 1)).toThrow('may be half');
    const writer = compactionClient.openWriter(request, 1);
    const frames = events.flatMap((event) => writer.write(event)).map((one) => readEvent(one) ?? {});
    expect(frames.at(-1)).toMatchObject({ type: 'response.failed', response: { output: [] } });
  });
});

describe('[RT-4] an answer of the Responses API', () => {
  test('that does not say how it ended is a failure', () => {
    const events = whole(responsesProvider, { output: [message('Half a')] });
    expect(events.at(-1)).toMatchObject({ kind: 'failed' });
  });

  test('whose status was never changed ended as its event says', () => {
    const response = { status: 'in_progress', output: [message('Whole')] };
    const events = streamed(responsesProvider, [{ type: 'response.completed', response }]);
    expect(events.at(-1)).toMatchObject({ kind: 'end', reason: 'stop' });
    const cut = streamed(responsesProvider, [{ type: 'response.incomplete', response }]);
    expect(cut.at(-1)).toMatchObject({ kind: 'end', reason: 'limit' });
  });

  test('that was cut off for another reason tells that reason', () => {
    const response = { status: 'incomplete', incomplete_details: { reason: 'steered' }, output: [] };
    const events = whole(responsesProvider, response);
    expect(events.at(-1)).toMatchObject({ kind: 'end', reason: 'unknown', told: 'steered' });
  });
});
