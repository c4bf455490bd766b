import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient as client } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { faultsOfMessages } from '../../support/strict/messages-rules.ts';
import { claude, plainChat } from '../../support/strict/models.ts';

const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const user = { role: 'user', content: 'go' };

function forClaude(items: readonly JsonObject[]): readonly JsonObject[] {
  const sides = { client, provider: messagesProvider };
  const { body } = translateRequest({ model: 'm', input: [user, ...items] }, sides, claude({}));
  expect(faultsOfMessages(body, { ...claude({}), isSigned: () => true })).toEqual([]);
  return objectsIn(body['messages']).flatMap(({ content }) => objectsIn(content));
}

function forChat(items: readonly JsonObject[]): readonly JsonObject[] {
  const sides = { client, provider: chatProvider };
  const { body } = translateRequest({ model: 'm', input: [user, ...items] }, sides, plainChat({}));
  return objectsIn(body['messages']).slice(1);
}

describe('[RT-4] calls of tools that OpenAI knows itself, at other providers', () => {
  const clicked = { type: 'click', button: 'left', x: 1, y: 2 };
  const looked = [
    { type: 'computer_call', id: 'cu_1', call_id: 'call_1', action: clicked, status: 'completed' },
    {
      ...{ type: 'computer_call_output', call_id: 'call_1' },
      output: { type: 'computer_screenshot', image_url: `data:image/png;base64,${png}` },
    },
  ];

  test('a screenshot is a picture in the result of its call', () => {
    const source = { type: 'base64', media_type: 'image/png', data: png };
    expect(forClaude(looked)).toMatchObject([
      {},
      { type: 'tool_use', id: 'call_1', name: 'computer', input: { action: clicked } },
      { type: 'tool_result', tool_use_id: 'call_1', content: [{ type: 'image', source }] },
    ]);
    expect(forChat(looked)).toMatchObject([
      { tool_calls: [{ id: 'call_1', function: { name: 'computer' } }] },
      { role: 'tool', tool_call_id: 'call_1', content: '[image: see below]' },
      { role: 'user', content: [{}, { image_url: { url: `data:image/png;base64,${png}` } }] },
    ]);
  });

  test('a screenshot that only OpenAI has is told of', () => {
    const kept = { ...looked[1], output: { type: 'computer_screenshot', file_id: 'file-1' } };
    const told = [{ type: 'text', text: expect.stringContaining('it is kept at another provider') }];
    expect(forClaude([looked[0] ?? {}, kept]).at(-1)).toMatchObject({ content: told });
  });

  const action = { commands: ['ls', 'make'], timeout_ms: 1_000, max_output_length: 99 };
  const ran = [
    { type: 'shell_call', id: 'sh_1', call_id: 'call_1', action, status: 'completed' },
    {
      ...{ type: 'shell_call_output', call_id: 'call_1', max_output_length: 99 },
      output: [
        { stdout: 'a.txt\n', stderr: '', outcome: { type: 'exit', exit_code: 0 } },
        { stdout: '', stderr: 'no rule\n', outcome: { type: 'exit', exit_code: 2 } },
        { stdout: 'slow', stderr: '', outcome: { type: 'timeout' } },
      ],
    },
  ];

  test('commands of a shell go with their limits, what they printed and how they ended', () => {
    const printed = ['a.txt\n', 'no rule\n', '[exit code 2]', 'slow', '[timed out]'];
    expect(forClaude(ran)).toMatchObject([
      {},
      { type: 'tool_use', name: 'shell', input: action },
      { type: 'tool_result', is_error: true, content: printed.map((text) => ({ type: 'text', text })) },
    ]);
    expect(forChat(ran)).toMatchObject([
      { tool_calls: [{ function: { name: 'shell', arguments: JSON.stringify(action) } }] },
      { role: 'tool', content: printed.join('\n') },
    ]);
  });

  test('a command of the local shell and an edit go with what came of them', () => {
    const exec = { type: 'exec', command: ['ls'], env: {} };
    const operation = { type: 'delete_file', path: 'a.txt' };
    const items = [
      { type: 'local_shell_call', id: 'lsh_1', call_id: 'call_1', action: exec, status: 'completed' },
      { type: 'local_shell_call_output', id: 'call_1', output: '{"output":"a.txt"}' },
      { type: 'apply_patch_call', id: 'apc_1', call_id: 'call_2', operation, status: 'completed' },
      { type: 'apply_patch_call_output', call_id: 'call_2', status: 'failed', output: 'no such file' },
    ];
    expect(forClaude(items)).toMatchObject([
      {},
      { type: 'tool_use', name: 'local_shell', input: exec },
      { type: 'tool_result', tool_use_id: 'call_1', content: [{ text: '{"output":"a.txt"}' }] },
      { type: 'tool_use', name: 'apply_patch', input: operation },
      { type: 'tool_result', tool_use_id: 'call_2', is_error: true, content: [{ text: 'no such file' }] },
    ]);
  });
});
