import { describe, expect, test } from '@jest/globals';
import type { Api } from '../../../middleware/kernel/exchange.ts';
import { codecOf } from '../../../middleware/protocol/apis/codec-of.ts';

const texts = new Map([['c1', 'new']]);

function replaced(api: Api, item: Readonly<Record<string, unknown>>): unknown {
  return codecOf(api).history.withResults(item, texts);
}

describe('an output is replaced by its call', () => {
  test('behind what Codex writes about the end of the command [HK-1]', () => {
    const head = 'Chunk ID: 6d7b38\nWall time: 0.3 seconds\nProcess exited with code 0\nOutput:\n';
    const item = {
      type: 'function_call_output',
      id: 'fco_1',
      call_id: 'c1',
      output: `${head}Output:\nold\n`,
    };
    expect(replaced('responses', item)).toEqual({ ...item, output: `${head}new` });
    const custom = { type: 'custom_tool_call_output', call_id: 'c1', output: 'Output:\nold' };
    expect(replaced('responses', custom)).toEqual({ ...custom, output: 'new' });
  });

  test('as a list where it was one; images of the old output go [HK-1]', () => {
    const image = { type: 'input_image', image_url: 'data:' };
    const old = [{ type: 'input_text', text: 'old' }, image];
    const item = { type: 'custom_tool_call_output', call_id: 'c1', output: old };
    expect(replaced('responses', item)).toEqual({
      ...item,
      output: [{ type: 'input_text', text: 'new' }],
    });
  });

  test('in the messages of the other APIs, with the marks of the client and what else they hold [HK-1]', () => {
    const tool = { role: 'tool', tool_call_id: 'c1', content: 'old' };
    expect(replaced('chat', tool)).toEqual({ ...tool, content: 'new' });
    const marked = { type: 'tool_result', tool_use_id: 'c1', cache_control: { type: 'ephemeral' } };
    const other = { type: 'tool_result', tool_use_id: 'c2', content: 'stays' };
    const text = { type: 'text', text: 'and this' };
    const content = [{ ...marked, content: [{ type: 'text', text: 'old' }] }, other, text];
    expect(replaced('messages', { role: 'user', content })).toEqual({
      role: 'user',
      content: [{ ...marked, content: [{ type: 'text', text: 'new' }] }, other, text],
    });
  });

  test('of a shell that the API knows, with how it ended; of a patch, with its status [HK-1]', () => {
    const [failed, ended] = [1, 0].map((code) => ({ type: 'exit', exit_code: code }));
    const output = [
      { stdout: 'old', stderr: 'x', outcome: failed },
      { stdout: 'older', stderr: '', outcome: ended },
    ];
    const shell = { type: 'shell_call_output', id: 'so_1', call_id: 'c1', output, max_output_length: 9 };
    expect(replaced('responses', shell)).toEqual({
      ...shell,
      output: [{ stdout: 'new', stderr: '', outcome: ended }],
    });
    const local = { type: 'local_shell_call_output', id: 'c1', output: 'old' };
    expect(replaced('responses', local)).toEqual({ ...local, output: 'new' });
    const patched = { type: 'apply_patch_call_output', call_id: 'c1', status: 'failed' };
    expect(replaced('responses', patched)).toEqual({ ...patched, output: 'new' });
  });

  test('and no other item changes [HK-1]', () => {
    const items: readonly (readonly [Api, Readonly<Record<string, unknown>>])[] = [
      ['responses', { type: 'function_call_output', call_id: 'c2', output: 'old' }],
      ['responses', { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' }],
      ['responses', { type: 'computer_call_output', call_id: 'c1', output: { type: 'computer_screenshot' } }],
      ['responses', { type: 'tool_search_output', call_id: 'c1', tools: [] }],
      ['chat', { role: 'tool', tool_call_id: 'c2', content: 'old' }],
      ['messages', { role: 'user', content: 'c1' }],
    ];
    for (const [api, item] of items) expect(replaced(api, item)).toEqual(item);
  });
});
