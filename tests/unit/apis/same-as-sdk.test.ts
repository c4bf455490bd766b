import { MessageStream } from '@anthropic-ai/sdk/lib/MessageStream';
import { describe, expect, test } from '@jest/globals';
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';
import { parseFrame } from '../../../middleware/protocol/sse/sse-frame.ts';
import { codecOf } from '../../../middleware/protocol/apis/codec-of.ts';

interface Called {
  readonly name: string;
  readonly input: unknown;
}

type Api = 'chat' | 'messages' | 'responses';

/** The calls of `Bash` that are decided in a stream; `refused` where it ends before a client could have one whole. */
function decided(api: Api, events: readonly object[]): readonly Called[] | 'refused' {
  const reader = codecOf(api).rounds!.openReader(({ name }) => name === 'Bash');
  try {
    const pieces = events.flatMap((event) =>
      reader.read(parseFrame(Buffer.from(`data: ${JSON.stringify(event)}\n\n`))),
    );
    return pieces.flatMap((piece) =>
      piece.kind === 'complete' && piece.isFree !== true
        ? [{ name: piece.call.name, input: parsed(piece.call.input) }]
        : [],
    );
  } catch (error) {
    expect(error).toHaveProperty('code', expect.stringMatching(/upstream_unreadable|invalid_body/));
    return 'refused';
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function linesOf(events: readonly object[]): ReadableStream {
  const lines = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  return new Blob([lines]).stream();
}

/** What the official SDK puts together; nothing where it gives up. */
async function openaiCalls(events: readonly object[]): Promise<readonly Called[]> {
  try {
    const answer = await ChatCompletionStream.fromReadableStream(linesOf(events)).finalChatCompletion();
    return answer.choices.flatMap(({ message }) =>
      (message.tool_calls ?? []).flatMap((call) =>
        call.type === 'function'
          ? [{ name: call.function.name, input: parsed(call.function.arguments) }]
          : [],
      ),
    );
  } catch {
    return [];
  }
}

async function anthropicCalls(events: readonly object[]): Promise<readonly Called[]> {
  try {
    const answer = await MessageStream.fromReadableStream(linesOf(events)).finalMessage();
    return answer.content.flatMap((block) =>
      block.type === 'tool_use' ? [{ name: block.name, input: block.input }] : [],
    );
  } catch {
    return [];
  }
}

const chunk = (delta: object, index = 0, finish: string | null = null): object => ({
  ...{ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm' },
  choices: [{ index, delta, finish_reason: finish }],
});
const call = (index: number | undefined, id: string | undefined, called: object): object =>
  chunk({ role: 'assistant', tool_calls: [{ index, id, type: 'function', function: called }] });
const over = chunk({}, 0, 'tool_calls');
const input = '{"command":"rm x"}';

const chatStreams: Readonly<Record<string, readonly object[]>> = {
  'as OpenAI streams it': [
    call(0, 'a', { name: 'Bash', arguments: '' }),
    call(0, undefined, { arguments: input }),
    over,
  ],
  'the name in two pieces': [
    call(0, 'a', { name: 'Ba', arguments: '' }),
    call(0, undefined, { name: 'sh' }),
    call(0, undefined, { arguments: input }),
    over,
  ],
  'another name first': [
    call(0, 'a', { name: 'x', arguments: '' }),
    call(0, undefined, { name: 'Bash' }),
    call(0, undefined, { arguments: input }),
    over,
  ],
  'the name behind the input': [
    call(0, 'a', { name: 'x', arguments: input }),
    call(0, undefined, { name: 'Bash' }),
    over,
  ],
  'the name with every piece': [
    call(0, 'a', { name: 'Bash', arguments: '{"command":' }),
    call(0, 'a', { name: 'Bash', arguments: '"rm x"}' }),
    over,
  ],
  'no name at first': [
    call(0, 'a', { arguments: '{"command":' }),
    call(0, undefined, { name: 'Bash', arguments: '"rm x"}' }),
    over,
  ],
  'the input as an object': [call(0, 'a', { name: 'Bash', arguments: { command: 'rm x' } }), over],
  'no index': [call(undefined, 'a', { name: 'Bash', arguments: input }), over],
  'two calls without an index': [
    call(undefined, 'a', { name: 'free', arguments: '{}' }),
    call(undefined, 'b', { name: 'Bash', arguments: input }),
    over,
  ],
  'one id for two calls': [
    call(0, 'a', { name: 'free', arguments: '{}' }),
    call(1, 'a', { name: 'Bash', arguments: input }),
    over,
  ],
  'a call in another choice': [
    chunk({ role: 'assistant', content: 'hi' }),
    chunk(
      {
        role: 'assistant',
        tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'Ba', arguments: '' } }],
      },
      1,
    ),
    chunk({ tool_calls: [{ index: 0, function: { name: 'sh', arguments: input } }] }, 1),
    chunk({}, 0, 'stop'),
    chunk({}, 1, 'tool_calls'),
  ],
  'all in one chunk with the end': [
    chunk(
      {
        role: 'assistant',
        tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'Bash', arguments: input } }],
      },
      0,
      'tool_calls',
    ),
  ],
};

const start = (content: readonly object[] = []): object => ({
  type: 'message_start',
  message: {
    ...{ id: 'm', type: 'message', role: 'assistant', model: 'm', content, stop_reason: null },
    usage: { input_tokens: 1, output_tokens: 1 },
  },
});
const block = (index: number, name: string, given: object): object => ({
  ...{ type: 'content_block_start', index },
  content_block: { type: 'tool_use', id: 'a', name, input: given },
});
const piece = (index: number, json: string): object => ({
  ...{ type: 'content_block_delta', index },
  delta: { type: 'input_json_delta', partial_json: json },
});
const stop = (index: number): object => ({ type: 'content_block_stop', index });
const ended = [
  { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 1 } },
  { type: 'message_stop' },
];
const given = { command: 'rm x' };

const messageStreams: Readonly<Record<string, readonly object[]>> = {
  'as Anthropic streams it': [start(), block(0, 'Bash', {}), piece(0, input), stop(0), ...ended],
  'the input given whole at the start': [start(), block(0, 'Bash', given), stop(0), ...ended],
  'the call in the beginning of the message': [
    start([{ type: 'tool_use', id: 'a', name: 'Bash', input: given }]),
    ...ended,
  ],
  'two blocks at one index': [start(), block(0, 'Bash', given), block(0, 'free', {}), stop(0), ...ended],
};

describe('every call that an official SDK puts together was decided, or the stream refused', () => {
  for (const [what, events] of Object.entries(chatStreams)) {
    test(`Chat Completions: ${what}`, async () => {
      const calls = (await openaiCalls(events)).filter(({ name }) => name === 'Bash');
      const seen = decided('chat', events);
      if (seen === 'refused') return;
      for (const made of calls) {
        expect(seen.map(({ name }) => name)).not.toEqual([]);
        // An object would be joined as "[object Object]": no client can run that.
        if (typeof made.input !== 'string') expect(seen.map((one) => one.input)).toContainEqual(made.input);
      }
    });
  }

  for (const [what, events] of Object.entries(messageStreams)) {
    test(`Messages: ${what}`, async () => {
      const calls = (await anthropicCalls(events)).filter(({ name }) => name === 'Bash');
      const seen = decided('messages', events);
      // A held call that never ends is taken out of the answer.
      if (seen === 'refused' || what === 'two blocks at one index') return;
      expect(calls).not.toEqual([]);
      for (const made of calls) expect(seen).toContainEqual(made);
    });
  }
});

describe('odd calls', () => {
  test('a name in pieces is put together, held from its first piece, and told as one', () => {
    expect(decided('chat', chatStreams['the name in two pieces']!)).toEqual([{ name: 'Bash', input: given }]);
    expect(decided('chat', chatStreams['another name first']!)).toEqual([{ name: 'xBash', input: given }]);
    expect(decided('chat', chatStreams['the name behind the input']!)).toBe('refused');
    expect(decided('chat', chatStreams['a call in another choice']!)).toBe('refused');
  });

  test('an input that is an object is read as one, streamed or not, in every API that has it as a text', () => {
    expect(decided('chat', chatStreams['the input as an object']!)).toEqual([{ name: 'Bash', input: given }]);
    const item = { type: 'function_call', id: 'i', call_id: 'c', name: 'Bash', arguments: given };
    expect(
      decided('responses', [
        { type: 'response.output_item.added', output_index: 0, item: { ...item, arguments: '' } },
        { type: 'response.output_item.done', output_index: 0, item },
      ]),
    ).toEqual([{ name: 'Bash', input: given }]);
    const answers = [
      ['responses', { output: [item] }],
      [
        'chat',
        {
          choices: [{ message: { tool_calls: [{ id: 'c', function: { name: 'Bash', arguments: given } }] } }],
        },
      ],
    ] as const;
    for (const [api, answer] of answers) {
      const { items } = codecOf(api).rounds!.readAnswer(answer, () => true);
      expect(items.map((one) => one.call?.input)).toEqual([JSON.stringify(given)]);
    }
  });

  test('a call that the end says otherwise than the stream is refused', () => {
    const item = { type: 'function_call', id: 'i', call_id: 'c', name: 'free', arguments: '{}' };
    const events = [
      { type: 'response.output_item.done', output_index: 0, item },
      { type: 'response.completed', response: { id: 'r', output: [{ ...item, name: 'Bash' }] } },
    ];
    expect(decided('responses', events)).toBe('refused');
  });

  test('an event whose name is written with escapes is read like any other', () => {
    const reader = codecOf('responses').rounds!.openReader(() => true);
    const item = { type: 'function_call', id: 'i', call_id: 'c', name: 'Bash', arguments: '{}' };
    const text = JSON.stringify({ type: 'response.output_item.done', output_index: 0, item });
    const frame = Buffer.from(`data: ${text.replace('output_item', 'output\\u005fitem')}\n\n`);
    expect(reader.read(parseFrame(frame)).map(({ kind }) => kind)).toEqual(['held', 'complete']);
  });
});
