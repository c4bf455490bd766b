import { expect, test } from '@jest/globals';
import { codecOf } from '../../../middleware/protocol/apis/codec-of.ts';

const look = {
  name: 'Look',
  description: 'Looks',
  parameters: { type: 'object', properties: { at: { type: 'string' } } },
};
const said = { role: 'user', parts: [{ kind: 'text', text: 'Is it so?' }] } as const;
const question = { model: 'm', instructions: 'Judge.', messages: [said], tools: [look] };
const usual = { isLite: false, keepsReasoning: false, takesLimit: true };
const message = (role: string, text: string) => ({
  ...{ type: 'message', role },
  content: [{ type: 'input_text', text }],
});

test('a question over the Responses API is stored nowhere [HK-1]', () => {
  expect(codecOf('responses').request.question(question, usual)).toEqual({
    model: 'm',
    instructions: 'Judge.',
    input: [message('user', 'Is it so?')],
    tools: [{ type: 'function', ...look, strict: false }],
    tool_choice: 'auto',
    parallel_tool_calls: false,
    stream: true,
    store: false,
  });
});

test('in the light form of Codex, instructions and tools are items [HK-1] [RT-2]', () => {
  expect(
    codecOf('responses').request.question(question, {
      isLite: true,
      keepsReasoning: true,
      takesLimit: true,
    }),
  ).toEqual({
    model: 'm',
    input: [
      { type: 'additional_tools', role: 'developer', tools: [{ type: 'function', ...look, strict: false }] },
      message('developer', 'Judge.'),
      message('user', 'Is it so?'),
    ],
    tool_choice: 'auto',
    parallel_tool_calls: false,
    stream: true,
    store: false,
    include: ['reasoning.encrypted_content'],
  });
});

test('a question over Chat Completions asks for its usage [HK-1]', () => {
  expect(codecOf('chat').request.question(question, usual)).toEqual({
    model: 'm',
    messages: [
      { role: 'system', content: 'Judge.' },
      { role: 'user', content: 'Is it so?' },
    ],
    tools: [{ type: 'function', function: look }],
    stream: true,
    stream_options: { include_usage: true },
  });
});

test('a question over the Messages API has the limit that it wants [HK-1]', () => {
  expect(codecOf('messages').request.question(question, usual)).toEqual({
    model: 'm',
    max_tokens: 4_096,
    system: 'Judge.',
    messages: [{ role: 'user', content: 'Is it so?' }],
    tools: [{ name: 'Look', description: 'Looks', input_schema: look.parameters }],
    stream: true,
  });
});

test.each(['responses', 'chat', 'messages'] as const)(
  'a question without tools has no member for them over %s [HK-1]',
  (api) => {
    const keys = Object.keys(codecOf(api).request.question({ ...question, tools: [] }, usual));
    expect(keys.filter((key) => key.includes('tool'))).toEqual([]);
  },
);
