import { describe, expect, test } from '@jest/globals';
import { withToolOutputs } from '../../../middleware/protocol/conversation/with-tool-outputs.ts';

const outputs = new Map([['c1', 'new']]);

describe('an output is replaced by its call', () => {
  test('behind what Codex writes about the end of the command [HK-1]', () => {
    const head = 'Chunk ID: 6d7b38\nWall time: 0.3 seconds\nProcess exited with code 0\nOutput:\n';
    const item = {
      type: 'function_call_output',
      id: 'fco_1',
      call_id: 'c1',
      output: `${head}Output:\nold\n`,
    };
    expect(withToolOutputs(item, outputs)).toEqual({ ...item, output: `${head}new` });
    const custom = { type: 'custom_tool_call_output', call_id: 'c1', output: 'Output:\nold' };
    expect(withToolOutputs(custom, outputs)).toEqual({ ...custom, output: 'new' });
  });

  test('as a list where it was one; images of the old output go [HK-1]', () => {
    const image = { type: 'input_image', image_url: 'data:' };
    const old = [{ type: 'input_text', text: 'old' }, image];
    const item = { type: 'custom_tool_call_output', call_id: 'c1', output: old };
    expect(withToolOutputs(item, outputs)).toEqual({
      ...item,
      output: [{ type: 'input_text', text: 'new' }],
    });
  });

  test('in the messages of the other APIs, with the marks of the client and what else they hold [HK-1]', () => {
    const tool = { role: 'tool', tool_call_id: 'c1', content: 'old' };
    expect(withToolOutputs(tool, outputs)).toEqual({ ...tool, content: 'new' });
    const marked = { type: 'tool_result', tool_use_id: 'c1', cache_control: { type: 'ephemeral' } };
    const other = { type: 'tool_result', tool_use_id: 'c2', content: 'stays' };
    const text = { type: 'text', text: 'and this' };
    const content = [{ ...marked, content: [{ type: 'text', text: 'old' }] }, other, text];
    expect(withToolOutputs({ role: 'user', content }, outputs)).toEqual({
      role: 'user',
      content: [{ ...marked, content: [{ type: 'text', text: 'new' }] }, other, text],
    });
  });

  test('and no other item changes [HK-1]', () => {
    const items = [
      { type: 'function_call_output', call_id: 'c2', output: 'old' },
      { role: 'tool', tool_call_id: 'c2', content: 'old' },
      { role: 'user', content: 'c1' },
      { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
    ];
    expect(items.map((item) => withToolOutputs(item, outputs))).toEqual(items);
  });
});
