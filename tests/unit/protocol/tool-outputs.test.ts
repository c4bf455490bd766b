import { describe, expect, test } from '@jest/globals';
import type { Api, ApiRequest } from '../../../middleware/kernel/exchange.ts';
import { parseCodexOutput } from '../../../middleware/protocol/codex/codex-output.ts';
import { Conversation } from '../../../middleware/protocol/conversation/conversation.ts';
import { newToolOutputs, type ToolOutput } from '../../../middleware/protocol/conversation/tool-outputs.ts';

function outputsOf(api: Api, items: readonly object[]): readonly ToolOutput[] {
  const json = Buffer.from(JSON.stringify({ [api === 'responses' ? 'input' : 'messages']: items }));
  const request = { api, json, raw: json, headers: [] } as unknown as ApiRequest;
  return newToolOutputs(Conversation.of(request)!, api);
}

const ask = { role: 'user', content: 'hi' };

describe('the outputs at the end of a conversation', () => {
  test('are found with their calls, of functions and of custom tools [HK-2]', () => {
    const found = outputsOf('responses', [
      ask,
      { type: 'function_call', call_id: 'old', name: 'x', arguments: '{}' },
      { type: 'function_call_output', call_id: 'old', output: 'old' },
      { type: 'function_call', call_id: 'a', name: 'read', namespace: 'mcp__docs', arguments: '{"p":1}' },
      { type: 'custom_tool_call', call_id: 'b', name: 'apply_patch', input: '*** Begin' },
      { type: 'function_call_output', call_id: 'a', output: 'A' },
      { type: 'custom_tool_call_output', call_id: 'b', output: [{ type: 'input_text', text: 'B' }] },
      { type: 'configuration_update' },
    ]);
    expect(found).toEqual([
      {
        callId: 'a',
        index: 5,
        text: 'A',
        isError: false,
        call: { callId: 'a', kind: 'function', name: 'read', namespace: 'mcp__docs', input: '{"p":1}' },
      },
      {
        callId: 'b',
        index: 6,
        text: 'B',
        isError: false,
        call: { callId: 'b', kind: 'custom', name: 'apply_patch', namespace: undefined, input: '*** Begin' },
      },
    ]);
  });

  test('are found in the messages of the other APIs [HK-2]', () => {
    const called = { name: 'x', arguments: '{"a":1}' };
    expect(
      outputsOf('chat', [
        ask,
        { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', function: called }] },
        { role: 'tool', tool_call_id: 'a', content: 'A' },
      ]),
    ).toMatchObject([{ callId: 'a', index: 2, text: 'A', call: { name: 'x', input: '{"a":1}' } }]);
    expect(
      outputsOf('messages', [
        ask,
        { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'x', input: { a: 1 } }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: 'no', is_error: true }] },
      ]),
    ).toMatchObject([{ callId: 'a', index: 2, text: 'no', isError: true, call: { input: '{"a":1}' } }]);
  });

  test('are none where the model or nobody had the last word, or the call is unknown [HK-2]', () => {
    const call = { type: 'function_call', call_id: 'a', name: 'x', arguments: '{}' };
    const output = { type: 'function_call_output', call_id: 'a', output: 'A' };
    expect(outputsOf('responses', [ask, call, output, { role: 'assistant', content: 'done' }])).toEqual([]);
    expect(outputsOf('responses', [ask, output])).toEqual([]);
    expect(outputsOf('responses', [ask])).toEqual([]);
  });
});

describe('what Codex writes about a command', () => {
  test('is told apart from its output [HK-1]', () => {
    const text =
      'Chunk ID: 6d7b38\nWall time: 0.3228 seconds\nProcess exited with code 2\nOriginal token count: 2\nOutput:\nOutput:\nx';
    expect(parseCodexOutput(text)).toEqual({ exitCode: 2, durationMs: 323, output: 'Output:\nx' });
    expect(parseCodexOutput('Wall time: 1 seconds\nProcess running with session ID 7\nOutput:\n')).toEqual({
      exitCode: undefined,
      durationMs: 1000,
      output: '',
    });
  });

  test('is told apart from what a patch or a command of the older tool says [HK-1]', () => {
    const text = 'Exit code: 1\nWall time: 0.5 seconds\nOutput:\nno\n';
    expect(parseCodexOutput(text)).toEqual({ exitCode: 1, durationMs: 500, output: 'no\n' });
  });

  test('is no such text where a tool only prints one like it [HK-1]', () => {
    expect(parseCodexOutput('Output:\nx')).toBeUndefined();
    expect(parseCodexOutput('done\nOutput:\nProcess exited with code 2')).toBeUndefined();
  });
});
