import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatClient } from '../../../middleware/protocol/apis/chat/translation/client.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import {
  askedRequest,
  translateRequest,
} from '../../../middleware/protocol/translation/translate-request.ts';
import { faultsOfChat } from '../../support/strict/chat-rules.ts';
import { faultsOfMessages } from '../../support/strict/messages-rules.ts';
import { claude, plainChat } from '../../support/strict/models.ts';

const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const picture = png + 'A'.repeat(600);
const user = { role: 'user', content: 'go' };

/** What Claude gets of the items, behind the first word of the user. */
function forClaude(items: readonly JsonObject[]): readonly JsonObject[] {
  const sides = { client: responsesClient, provider: messagesProvider };
  const { body } = translateRequest({ model: 'm', input: [user, ...items, user] }, sides, claude({}));
  expect(faultsOfMessages(body, { ...claude({}), isSigned: () => true })).toEqual([]);
  const blocks = objectsIn(body['messages']).flatMap(({ content }) => objectsIn(content));
  return blocks.slice(1, -1);
}

function forChat(messages: readonly JsonObject[]): readonly JsonObject[] {
  const sides = { client: messagesClient, provider: chatProvider };
  const sent = { model: 'm', max_tokens: 9, messages: [user, ...messages, user] };
  const { body } = translateRequest(sent, sides, plainChat({}));
  expect(faultsOfChat(body)).toEqual([]);
  return objectsIn(body['messages']).slice(1, -1);
}

describe('[RT-4] a call that OpenAI ran is told with what came of it', () => {
  test.each<[string, JsonObject, string, JsonObject, string]>([
    [
      'of an MCP server',
      {
        ...{ type: 'mcp_call', id: 'mcp_1', server_label: 'bank', name: 'look_up' },
        ...{ arguments: '{"who":"Ada"}', output: 'Ada pays 5 EUR', error: null, status: 'completed' },
      },
      'mcp__bank__look_up',
      { who: 'Ada' },
      'Ada pays 5 EUR',
    ],
    [
      'in a file search',
      {
        ...{ type: 'file_search_call', id: 'fs_1', queries: ['rent'], status: 'completed' },
        results: [{ file_id: 'f', filename: 'rent.txt', text: 'due on Monday' }],
      },
      'file_search',
      { queries: ['rent'] },
      'rent.txt","text":"due on Monday',
    ],
    [
      'of an interpreter',
      {
        ...{ type: 'code_interpreter_call', id: 'ci_1', code: 'print(6*7)', container_id: 'c' },
        ...{ status: 'completed', outputs: [{ type: 'logs', logs: '42' }] },
      },
      'code_interpreter',
      { code: 'print(6*7)', container_id: 'c' },
      '"logs":"42"',
    ],
    [
      'in the web',
      {
        ...{ type: 'web_search_call', id: 'ws_1', status: 'completed' },
        action: { type: 'search', query: 'news' },
      },
      'web_search',
      { type: 'search', query: 'news' },
      'shows nothing of what came of it',
    ],
  ])('%s', (_what, item, name, input, said) => {
    expect(forClaude([item])).toMatchObject([
      { type: 'tool_use', name, input },
      { type: 'tool_result', content: [{ text: expect.stringContaining(said) }] },
    ]);
  });

  test('a picture that it made is one, and no text of base64', () => {
    const item = { type: 'image_generation_call', id: 'ig_1', revised_prompt: 'a cat', result: picture };
    expect(forClaude([item])).toMatchObject([
      { type: 'tool_use', name: 'image_generation', input: { revised_prompt: 'a cat' } },
      { type: 'tool_result', content: [{ type: 'image', source: { media_type: 'image/png' } }] },
    ]);
  });

  test('a failed one has failed', () => {
    const item = {
      type: 'mcp_call',
      id: 'm',
      server_label: 's',
      name: 'f',
      arguments: '{}',
      error: 'no such',
    };
    expect(forClaude([item]).at(-1)).toMatchObject({ is_error: true, content: [{ text: 'no such' }] });
  });

  test('a command in its container, and a search for tools that has no id', () => {
    const environment = { type: 'container_reference', container_id: 'c' };
    const outcome = { type: 'exit', exit_code: 0 };
    const tool = { type: 'function', name: 'look', parameters: {} };
    const told = forClaude([
      { type: 'shell_call', id: 's', call_id: 'call_1', action: { commands: ['ls'] }, environment },
      { type: 'shell_call_output', call_id: 'call_1', output: [{ stdout: 'a.txt', stderr: '', outcome }] },
      {
        ...{ type: 'tool_search_call', id: 'ts', call_id: null, execution: 'server' },
        arguments: { paths: ['x'] },
      },
      { type: 'tool_search_output', id: 'to', call_id: null, execution: 'server', tools: [tool] },
    ]);
    expect(told).toMatchObject([
      { type: 'tool_use', name: 'shell', input: { commands: ['ls'] } },
      { type: 'tool_result', content: [{ text: 'a.txt' }] },
      { type: 'tool_use', name: 'tool_search', input: { paths: ['x'] } },
      { type: 'tool_result', content: [{ text: expect.stringContaining('- look') }] },
    ]);
  });

  test('what the user said to one that it asked leave for', () => {
    const asked = {
      type: 'mcp_approval_request',
      id: 'r',
      server_label: 'bank',
      name: 'pay',
      arguments: '{}',
    };
    const told = (said: JsonObject): JsonObject | undefined =>
      forClaude([asked, { type: 'mcp_approval_response', approval_request_id: 'r', ...said }]).at(-1);
    expect(told({ approve: false, reason: 'too much' })).toMatchObject({
      is_error: true,
      content: [{ text: 'The user refused the call: too much' }],
    });
    expect(told({ approve: true })).toMatchObject({ content: [{ text: 'The user allowed the call.' }] });
  });
});

describe('[RT-4] a kind of next year is told', () => {
  test('as a call and what came of it, where it has the id of one', () => {
    const told = forClaude([
      { type: 'next_year_call', call_id: 'n', action: { go: 'left' }, status: 'completed' },
      { type: 'next_year_call_output', call_id: 'n', output: 'Ada pays 5 EUR' },
    ]);
    expect(told).toMatchObject([
      { type: 'tool_use', id: 'n', name: 'next_year', input: { go: 'left' } },
      { type: 'tool_result', tool_use_id: 'n', content: [{ text: 'Ada pays 5 EUR' }] },
    ]);
  });

  test('as its JSON otherwise, without what its maker alone can read, and without bytes', () => {
    const item = {
      ...{ type: 'next_year', id: 'n', title: 'rent', encrypted_content: 'gAAAA', signature: 'signed' },
      ...{ sound: 'A'.repeat(900), more: { data: 'data:audio/wav;base64,AAAA', due: 'Monday' } },
    };
    const [{ text = '' } = {}] = forClaude([item]);
    expect(text).toContain('next_year');
    expect(text).toContain('"title":"rent"');
    expect(text).toContain('"due":"Monday"');
    expect(text).not.toMatch(/gAAAA|signed|AAAA/);
  });

  test('and a very long one is cut', () => {
    const [{ text = '' } = {}] = forClaude([{ type: 'next_year', words: 'word '.repeat(100_000) }]);
    expect(String(text).length).toBeLessThan(101_000);
    expect(text).toMatch(/further characters\]$/);
  });

  test('tools that are not offered are named, for the log', () => {
    const tools = [{ type: 'next_year' }, { type: 'function', name: 'f' }, { type: 'web_search_20990101' }];
    const chatTool = { type: 'function', function: { name: 'f' } };
    const named = [
      askedRequest({ input: 'go', tools }, responsesClient),
      askedRequest(
        { messages: [user], tools: [...tools.filter(({ type }) => type !== 'function'), chatTool] },
        chatClient,
      ),
      askedRequest({ messages: [user], tools }, messagesClient),
    ].map(({ request }) => request.leftOutTools);
    expect(named[0]).toEqual(['next_year', 'web_search_20990101']);
    expect(named[1]).toEqual(named[0]);
    expect(named[2]).toEqual(['next_year', 'function', 'web_search_20990101']);
  });
});

describe('[RT-4] a call that Anthropic ran is told with what came of it', () => {
  test.each([
    [
      'of an MCP server',
      { type: 'mcp_tool_use', id: 'm', server_name: 'bank', name: 'look_up', input: { who: 'Ada' } },
      {
        type: 'mcp_tool_result',
        tool_use_id: 'm',
        is_error: false,
        content: [{ type: 'text', text: 'Ada pays' }],
      },
      'mcp__bank__look_up',
      'Ada pays',
    ],
    [
      'in the web',
      { type: 'server_tool_use', id: 'w', name: 'web_search', input: { query: 'news' } },
      {
        ...{ type: 'web_search_tool_result', tool_use_id: 'w' },
        content: [
          { type: 'web_search_result', url: 'https://a.example', title: 'News', encrypted_content: 'Eq' },
        ],
      },
      'web_search',
      '"title":"News"}]',
    ],
    [
      'of a shell',
      { type: 'server_tool_use', id: 'b', name: 'bash_code_execution', input: { command: 'ls' } },
      {
        ...{ type: 'bash_code_execution_tool_result', tool_use_id: 'b' },
        content: { type: 'bash_code_execution_result', stdout: 'a.txt', stderr: '', return_code: 0 },
      },
      'bash_code_execution',
      '"stdout":"a.txt"',
    ],
  ])('%s', (_what, call, result, name, said) => {
    const content = [call, result, { type: 'text', text: 'so it is' }];
    expect(forChat([{ role: 'assistant', content }])).toMatchObject([
      { role: 'assistant', tool_calls: [{ function: { name, arguments: JSON.stringify(call.input) } }] },
      { role: 'tool', content: expect.stringContaining(said) },
      { role: 'assistant', content: 'so it is' },
    ]);
  });

  test('a summary and a block of next year are told as well', () => {
    const content = [
      { type: 'compaction', content: 'Ada wants rent' },
      { type: 'next_year', due: 'Monday' },
    ];
    const sides = { client: messagesClient, provider: chatProvider };
    const messages = [user, { role: 'assistant', content }, user];
    const told = JSON.stringify(translateRequest({ model: 'm', messages }, sides, plainChat({})).body);
    expect(told).toContain('Ada wants rent');
    expect(told).toContain('Monday');
  });
});

test('[RT-4] an older form of calls is refused as the older form of tools is, and spoken words are told', () => {
  const asked = (turn: JsonObject): unknown =>
    askedRequest({ messages: [user, { role: 'assistant', ...turn }] }, chatClient).request.entries;
  expect(() => asked({ function_call: { name: 'f', arguments: '{}' } })).toThrow('send `tool_calls`');
  expect(asked({ audio: { id: 'a', transcript: 'hello' } })).toContainEqual({ kind: 'said', text: 'hello' });
});
