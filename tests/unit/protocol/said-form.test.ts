import { describe, expect, test } from '@jest/globals';
import { saidForm } from '../../../middleware/protocol/conversation/said-form.ts';

const hi = [{ type: 'input_text', text: 'hi' }];
const result = { type: 'tool_result', tool_use_id: 'c1', content: 'files' };

describe('what an item of a conversation says', () => {
  test.each([
    ['a text or a list of one', { role: 'user', content: 'hi' }, { role: 'user', content: hi }],
    [
      'its members in another order',
      { role: 'user', content: hi },
      { content: [{ text: 'hi', type: 'text' }], role: 'user' },
    ],
    [
      'what it is by itself',
      { role: 'user', content: 'hi' },
      { type: 'message', id: 'm1', status: 'completed', role: 'user', content: 'hi' },
    ],
    [
      'a mark for the prompt cache',
      { role: 'user', content: [{ type: 'text', text: 'hi', cache_control: { type: 'ephemeral' } }] },
      { role: 'user', content: 'hi' },
    ],
    [
      'nothing where nothing is',
      { role: 'assistant', content: null, tool_calls: [] },
      { role: 'assistant', tool_calls: [] },
    ],
    [
      'the output of a call',
      { type: 'function_call_output', call_id: 'c1', output: 'a' },
      { type: 'function_call_output', id: 'o1', call_id: 'c1', output: [{ type: 'input_text', text: 'a' }] },
    ],
    [
      'a result in a message',
      { role: 'user', content: [result] },
      { role: 'user', content: [{ ...result, content: [{ type: 'text', text: 'files' }] }] },
    ],
  ])('is the same with %s', (_what, one, other) => {
    expect(saidForm(one)).toBe(saidForm(other));
  });

  test.each([
    ['who says it', { role: 'user', content: 'hi' }, { role: 'assistant', content: 'hi' }],
    ['another text', { role: 'user', content: 'hi' }, { role: 'user', content: 'hi!' }],
    [
      'what stands beside the text',
      { role: 'user', content: 'hi' },
      { role: 'user', content: [...hi, { type: 'input_image', image_url: 'x' }] },
    ],
    [
      'the call of an output',
      { type: 'local_shell_call_output', id: 'c1', output: 'a' },
      { type: 'local_shell_call_output', id: 'c2', output: 'a' },
    ],
    [
      'the kind of an output',
      { type: 'function_call_output', call_id: 'c', output: 'a' },
      { type: 'custom_tool_call_output', call_id: 'c', output: 'a' },
    ],
  ])('is told apart by %s', (_what, one, other) => {
    expect(saidForm(one)).not.toBe(saidForm(other));
  });
});
