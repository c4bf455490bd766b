import { describe, expect, test } from '@jest/globals';
import type { Api } from '../../../middleware/kernel/exchange.ts';
import { Conversation } from '../../../middleware/protocol/conversation/conversation.ts';
import { transcriptOf, type TranscriptEntry } from '../../../middleware/protocol/conversation/transcript.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

function transcript(api: Api, items: unknown, end?: number): readonly TranscriptEntry[] {
  const body = api === 'responses' ? { input: items } : { messages: items };
  const conversation = Conversation.of(exchangeWith({ api, body }).request);
  return conversation === undefined ? [] : transcriptOf(conversation, api, end);
}

/** The same talk in every API. */
const expected: readonly TranscriptEntry[] = [
  { kind: 'message', role: 'user', text: 'Look\n\n(image)' },
  { kind: 'message', role: 'assistant', text: 'I look.' },
  { kind: 'call', name: 'run', input: '{"a":1}' },
  { kind: 'output', text: 'one\ntwo' },
  { kind: 'message', role: 'assistant', text: 'Done.' },
];

describe('transcriptOf', () => {
  test('Responses: what was said and done, without what the client added [OBS-4] [CMD-4]', () => {
    const items = [
      { type: 'additional_tools', tools: [] },
      { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'instructions' }] },
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: '# AGENTS.md instructions for /x' },
          { type: 'input_text', text: '<environment_context>\n</environment_context>' },
        ],
      },
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: 'Look' },
          { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
        ],
      },
      {
        type: 'message',
        role: 'user',
        content: [{ type: 'input_text', text: '<skill>\n<name>fix</name>\n</skill>' }],
      },
      { type: 'reasoning', encrypted_content: 'x' },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'I look.' }] },
      { type: 'function_call', name: 'run', arguments: '{"a":1}', call_id: 'c' },
      {
        type: 'function_call_output',
        call_id: 'c',
        output: [
          { type: 'input_text', text: 'one' },
          { type: 'input_text', text: 'two' },
        ],
      },
      { role: 'assistant', content: [{ type: 'output_text', text: 'Done.' }] },
    ];
    expect(transcript('responses', items)).toEqual(expected);
  });

  test('Responses: custom tools, and what a model refuses to say [OBS-4]', () => {
    const items = [
      { type: 'custom_tool_call', name: 'exec', input: 'text(1)' },
      { type: 'custom_tool_call_output', output: '1' },
      { type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
    ];
    expect(transcript('responses', items)).toEqual([
      { kind: 'call', name: 'exec', input: 'text(1)' },
      { kind: 'output', text: '1' },
      { kind: 'message', role: 'assistant', text: 'No.' },
    ]);
  });

  test('Chat Completions [OBS-4] [CMD-4]', () => {
    const items = [
      { role: 'system', content: 'instructions' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      },
      {
        role: 'assistant',
        content: 'I look.',
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'run', arguments: '{"a":1}' } }],
      },
      { role: 'tool', tool_call_id: 'c', content: 'one\ntwo' },
      { role: 'assistant', content: 'Done.', tool_calls: null },
    ];
    expect(transcript('chat', items)).toEqual(expected);
    const custom = { id: 'c', type: 'custom', custom: { name: 'exec', input: 'x' } };
    expect(transcript('chat', [{ role: 'assistant', content: null, tool_calls: [custom, {}] }])).toEqual([
      { kind: 'call', name: 'exec', input: 'x' },
    ]);
  });

  test('Messages [OBS-4] [CMD-4]', () => {
    const items = [
      {
        role: 'user',
        content: [
          { type: 'text', text: '<system-reminder>Be good.</system-reminder>' },
          { type: 'text', text: 'Look' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hm', signature: 's' },
          { type: 'text', text: 'I look.' },
          { type: 'tool_use', id: 'c', name: 'run', input: { a: 1 } },
        ],
      },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'c',
            content: [
              { type: 'text', text: 'one' },
              { type: 'text', text: 'two' },
            ],
          },
        ],
      },
      { role: 'assistant', content: 'Done.' },
    ];
    const [, , call] = expected;
    expect(transcript('messages', items)).toEqual(
      expected.map((entry) => (entry === call ? { ...call, input: '{\n  "a": 1\n}' } : entry)),
    );
  });

  test('ends before the given item; a plain string is the user speaking [OBS-4]', () => {
    const items = ['one', 'two', 'three'].map((content) => ({ role: 'user', content }));
    expect(transcript('chat', items, 2)).toEqual([
      { kind: 'message', role: 'user', text: 'one' },
      { kind: 'message', role: 'user', text: 'two' },
    ]);
    expect(transcript('chat', items, 9)).toHaveLength(3);
    expect(transcript('responses', 'hi')).toEqual([{ kind: 'message', role: 'user', text: 'hi' }]);
    expect(transcript('chat', [1, null, { role: 'user', content: 5 }])).toEqual([]);
  });
});
