import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatClient } from '../../../middleware/protocol/apis/chat/translation/client.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { eventFrame, readEvent } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { compactionClient } from '../../../middleware/protocol/apis/responses/translation/compaction-client.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import type { AnswerEvent } from '../../../middleware/protocol/translation/answer-event.ts';
import type { ModelRequest } from '../../../middleware/protocol/translation/model-request.ts';
import { ToolNames } from '../../../middleware/protocol/translation/tool-names.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { claude, plainChat } from '../../support/strict/models.ts';

const names = new ToolNames([
  { kind: 'search', namespace: undefined, name: 'tool_search' },
  { kind: 'local_shell', namespace: undefined, name: 'local_shell' },
]);

const chatText = (content: string, finish_reason: string): readonly JsonObject[] => [
  { choices: [{ delta: { content }, finish_reason }] },
];
const claudeText = (text: string, stop_reason: string): readonly JsonObject[] => [
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text } },
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason } },
  { type: 'message_stop' },
];
const chat = { provider: chatProvider, traits: plainChat({}) };
const anthropic = { provider: messagesProvider, traits: claude({}) };

function streamed(
  { provider, traits }: typeof chat | typeof anthropic,
  events: readonly JsonObject[],
): readonly AnswerEvent[] {
  const reader = provider.openReader(names, traits);
  return [...events.flatMap((event) => reader.read(eventFrame(event))), ...reader.finish()];
}

const said = { role: 'user', content: 'go' };

describe('[RT-4] an answer of a text alone has ended, also where its provider says that a call did it', () => {
  test.each([
    ['chat', 'tool_calls', streamed(chat, chatText('Done.', 'tool_calls'))],
    ['chat', 'function_call', streamed(chat, chatText('Done.', 'function_call'))],
    ['Messages', 'tool_use', streamed(anthropic, claudeText('Done.', 'tool_use'))],
    [
      'chat, no stream',
      'tool_calls',
      chatProvider.readAnswer(
        { choices: [{ message: { content: 'Done.' }, finish_reason: 'tool_calls' }] },
        names,
        plainChat({}),
      ),
    ],
    [
      'Messages, no stream',
      'tool_use',
      messagesProvider.readAnswer(
        { content: [{ type: 'text', text: 'Done.' }], stop_reason: 'tool_use' },
        names,
        claude({}),
      ),
    ],
  ] as const)('%s: %s', (_api, _word, events) => {
    expect(events.at(-1)).toMatchObject({ kind: 'end', reason: 'stop' });
    const asked = messagesClient.readRequest({ model: 'm', max_tokens: 9, messages: [said] });
    expect(messagesClient.writeAnswer(events, asked, 1)).toMatchObject({ stop_reason: 'end_turn' });
    const ofChat = chatClient.readRequest({ model: 'm', messages: [said] });
    expect(chatClient.writeAnswer(events, ofChat, 1)).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
    const summed = compactionClient.readRequest({ model: 'm', input: [said] });
    // What was said before a call that is nowhere may not take the place of a conversation.
    expect(() => compactionClient.writeAnswer(events, summed, 1)).toThrow('called a tool instead');
  });
});

/** Tools that clients of the Responses API take in kinds of their own. */
const ask = (): ModelRequest =>
  translateRequest(
    {
      ...{ model: 'm', input: 'go' },
      tools: [
        { type: 'tool_search', execution: 'client', description: 'd', parameters: {} },
        { type: 'local_shell' },
      ],
    },
    { client: responsesClient, provider: chatProvider },
    plainChat({}),
  ).request;

function called(name: string, args: string): readonly AnswerEvent[] {
  const tool_calls = [{ index: 0, id: 'c', function: { name, arguments: args } }];
  return streamed(chat, [{ choices: [{ delta: { tool_calls }, finish_reason: 'tool_calls' }] }]);
}

function lastOf(events: readonly AnswerEvent[]): JsonObject {
  const writer = responsesClient.openWriter(ask(), 1);
  const frames = events.flatMap((event) => writer.write(event)).map((frame) => readEvent(frame) ?? {});
  return frames.at(-1) ?? {};
}

describe('[RT-4] a call of a kind whose client takes an object', () => {
  test.each([
    ['{"query": "mail",}', '{"query": "mail",}'],
    ['mail', 'mail'],
    ['null', 'null'],
    ['', {}],
    ['\n', {}],
    ['{"query":"mail"}', { query: 'mail' }],
  ])('is one of tool_search with what the model wrote: %j', (args, taken) => {
    const expected = { output: [{ type: 'tool_search_call', arguments: taken }] };
    const events = called('tool_search', args);
    expect(lastOf(events)).toMatchObject({ type: 'response.completed', response: expected });
    expect(responsesClient.writeAnswer(events, ask(), 1)).toMatchObject(expected);
  });

  test('and what it wrote comes back letter by letter with the conversation', () => {
    const { output } = responsesClient.writeAnswer(called('tool_search', '{"query": "mail",}'), ask(), 1);
    const { entries } = responsesClient.readRequest({
      model: 'm',
      input: [said, ...(output as JsonObject[])],
    });
    expect(entries.at(-1)).toMatchObject({ kind: 'call', input: '{"query": "mail",}' });
  });

  test.each(['{"command": ["ls"],}', 'ls', '["ls"]'])('is a failure of local_shell otherwise: %s', (args) => {
    const events = called('local_shell', args);
    expect(lastOf(events)).toMatchObject({
      type: 'response.failed',
      response: { error: { message: 'the input of a call of the model is no JSON object' } },
    });
    expect(() => responsesClient.writeAnswer(events, ask(), 1)).toThrow('is no JSON object');
  });

  test('is one of local_shell with its action', () => {
    const action = { type: 'exec', env: {}, command: ['ls'] };
    expect(responsesClient.writeAnswer(called('local_shell', '{"command":["ls"]}'), ask(), 1)).toMatchObject({
      output: [{ type: 'local_shell_call', action }],
    });
  });
});
