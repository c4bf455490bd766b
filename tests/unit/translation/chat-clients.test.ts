import { describe, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatClient } from '../../../middleware/protocol/apis/chat/translation/client.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { frameBytes, parseFrame } from '../../../middleware/protocol/sse/sse-frame.ts';
import type { ModelTraits } from '../../../middleware/protocol/translation/model-traits.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { holds } from '../../support/fuzz.ts';
import { chatBodies } from '../../support/strict/made-up-chats.ts';
import { faultsOfMessages } from '../../support/strict/messages-rules.ts';
import { claude } from '../../support/strict/models.ts';

const sides = { client: chatClient, provider: messagesProvider };
const asked = { role: 'user', content: 'go' } as const;
const tools = [
  { type: 'function', function: { name: 'list', parameters: { type: 'object', properties: {} } } },
  { type: 'custom', custom: { name: 'apply_patch' } },
] as const;
const sent = {
  model: 'claude',
  stream: true,
  messages: [asked],
  tools,
  reasoning_effort: 'high',
  stream_options: { include_usage: true },
};

const blocks: readonly JsonObject[] = [
  { type: 'thinking', thinking: 'Let me see.', signature: 'signed' },
  { type: 'redacted_thinking', data: 'hidden' },
  { type: 'text', text: 'I will edit\u2028it.' },
  { type: 'tool_use', id: 'toolu_1', name: 'list', input: {} },
  { type: 'tool_use', id: 'toolu_2', name: 'apply_patch', input: { input: 'a "patch"\u2028🎉' } },
];
const answer = {
  id: 'msg_1',
  type: 'message',
  content: blocks,
  stop_reason: 'tool_use',
  usage: { input_tokens: 5, cache_read_input_tokens: 3, cache_creation_input_tokens: 2, output_tokens: 30 },
};
/** As Anthropic streams it: what is thought and called in pieces. */
const events: readonly JsonObject[] = [
  { type: 'message_start', message: { ...answer, content: [] } },
  ...blocks.flatMap((block, index) => [
    { type: 'content_block_start', index, content_block: { ...block, ...emptyOf(block) } },
    ...piecesOf(block).map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ]),
  { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: answer.usage },
  { type: 'message_stop' },
];

function emptyOf({ type }: JsonObject): JsonObject {
  if (type === 'thinking') return { thinking: '', signature: '' };
  return type === 'tool_use' ? { input: {} } : {};
}

function piecesOf({ type, thinking, signature, input }: JsonObject): readonly JsonObject[] {
  if (type === 'thinking')
    return [
      { type: 'thinking_delta', thinking },
      { type: 'signature_delta', signature },
    ];
  const json = JSON.stringify(input);
  if (type !== 'tool_use' || json === '{}') return [];
  return [json.slice(0, 12), json.slice(12)].map((piece) => ({
    type: 'input_json_delta',
    partial_json: piece,
  }));
}

function streamed(request: JsonObject, from = events): string {
  const translated = translateRequest(request, sides, claude({}));
  const reader = messagesProvider.openReader(translated.names, translated.traits);
  const writer = chatClient.openWriter(translated.request, 1);
  const read = from.flatMap((event) => reader.read(parseFrame(frameBytes(JSON.stringify(event)))));
  return [...read, ...reader.finish()]
    .flatMap((event) => writer.write(event))
    .map(({ raw }) => raw.toString())
    .join('');
}

function whole(request: JsonObject): JsonObject {
  const translated = translateRequest(request, sides, claude({}));
  const read = messagesProvider.readAnswer(answer, translated.names, translated.traits);
  return chatClient.writeAnswer(read, translated.request, 1);
}

/** OpenAI's own SDK, given this answer to whatever it asks. */
function sdk(body: string, type = 'text/event-stream'): OpenAI {
  return new OpenAI({
    apiKey: 'none',
    fetch: () => Promise.resolve(new Response(body, { headers: { 'content-type': type } })),
  });
}

async function all<Piece>(stream: AsyncIterable<Piece>): Promise<readonly Piece[]> {
  const pieces: Piece[] = [];
  for await (const piece of stream) pieces.push(piece);
  return pieces;
}

describe('[RT-4] whatever a client of the Chat Completions API sends, Claude takes', () => {
  test.each([
    ['one that thinks as long as it wants', claude({ thinksAdaptively: true })],
    ['one that thinks within a budget', claude({ thinksAdaptively: false })],
    ['one that does not think', claude({ reasons: false, takesImages: false, takesSchema: false })],
  ] satisfies [string, ModelTraits][])('%s', async (_name, traits) => {
    const { thinksAdaptively } = traits;
    const isSigned = (block: object): boolean => 'signature' in block && block.signature === 'signed';
    await holds(
      [chatBodies],
      (body) => {
        const { body: written } = translateRequest(body, sides, traits);
        expect(faultsOfMessages(written, { thinksAdaptively, takesSystemTurns: false, isSigned })).toEqual(
          [],
        );
      },
      400,
    );
  });
});

const calls = [
  { id: 'toolu_1', type: 'function', function: { name: 'list', arguments: '{}' } },
  { id: 'toolu_2', type: 'custom', custom: { name: 'apply_patch', input: 'a "patch"\u2028🎉' } },
];

test("[RT-4] OpenAI's SDK reads an answer of Claude's from the stream, its calls byte for byte", async () => {
  const stream = await sdk(streamed(sent)).chat.completions.create({
    model: 'claude',
    messages: [asked],
    stream: true,
  });
  const chunks = await all(stream);
  const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta));
  expect(deltas[0]).toEqual({ role: 'assistant', content: '' });
  expect(deltas.map(({ content }) => content ?? '').join('')).toBe('I will edit\u2028it.');
  const pieces = deltas.flatMap((delta) => objectsIn(delta.tool_calls));
  const inputs = pieces.map((call) => {
    const { function: called, custom } = call as { function?: JsonObject; custom?: JsonObject };
    return [call['index'], called?.['arguments'] ?? custom?.['input']];
  });
  expect(inputs.filter(([, input]) => input !== '')).toEqual([
    [0, '{}'],
    [1, 'a '],
    [1, '"patch"\u2028🎉'],
  ]);
  expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('tool_calls');
  expect(chunks.at(-1)).toMatchObject({
    choices: [],
    usage: {
      prompt_tokens: 10,
      completion_tokens: 30,
      total_tokens: 40,
      prompt_tokens_details: { cached_tokens: 3 },
    },
  });
});

test('[RT-4] the usage comes in a stream only where it is asked for', () => {
  expect(streamed({ ...sent, stream_options: undefined })).not.toContain('usage');
});

test("[RT-4] OpenAI's SDK reads an answer of Claude's that is no stream", async () => {
  const body = JSON.stringify(whole({ ...sent, stream: false }));
  const completion = await sdk(body, 'application/json').chat.completions.create({
    model: 'claude',
    messages: [asked],
  });
  expect(completion.choices).toMatchObject([
    {
      finish_reason: 'tool_calls',
      message: {
        role: 'assistant',
        content: 'I will edit\u2028it.',
        tool_calls: calls,
        reasoning_content: 'Let me see.',
        thinking_blocks: blocks.slice(0, 2),
      },
    },
  ]);
  expect(completion.usage).toMatchObject({ prompt_tokens: 10, completion_tokens: 30 });
});

const results = [
  { role: 'tool', tool_call_id: 'toolu_1', content: 'a.txt' },
  { role: 'tool', tool_call_id: 'toolu_2', content: 'done' },
];

test('[RT-4] signed thoughts come in one piece, and go back as Claude gave them', () => {
  const pieces = streamed(sent)
    .split('\n\n')
    .filter((frame) => frame.includes('"thinking_blocks"'));
  expect(pieces).toHaveLength(1);
  const { choices } = JSON.parse(pieces[0]?.slice('data: '.length) ?? '') as { choices: JsonObject[] };
  const { delta } = choices[0] as { delta: JsonObject };
  const turn = { role: 'assistant', content: 'I will edit\u2028it.', tool_calls: calls, ...delta };
  const { body } = translateRequest({ ...sent, messages: [asked, turn, ...results] }, sides, claude({}));
  expect(objectsIn(body['messages'])[1]).toEqual({ role: 'assistant', content: blocks });
  expect(body['thinking']).toMatchObject({ type: 'adaptive' });
});

test('[RT-4] where a client did not keep them, Claude thinks again with the next turn of the user', () => {
  const traits = claude({ thinksAdaptively: false });
  const turn = { role: 'assistant', content: null, tool_calls: calls };
  const inLoop = [asked, turn, ...results];
  const after = [...inLoop, { role: 'assistant', content: 'Done.' }, asked];
  const thinking = [inLoop, after].map(
    (messages) => translateRequest({ ...sent, messages }, sides, traits).body['thinking'],
  );
  expect(thinking).toEqual([undefined, { type: 'enabled', budget_tokens: 4_096 }]);
});

test('[RT-4] a failure in a stream is an error of the API, and the SDK throws it', async () => {
  const failed = [
    ...events.slice(0, 3),
    { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
  ];
  const client = sdk(streamed(sent, failed));
  const stream = await client.chat.completions.create({ model: 'c', messages: [asked], stream: true });
  await expect(all(stream)).rejects.toMatchObject({ code: 'server_is_overloaded' });
});

test.each([
  [{ n: 2 }, /`n` is 2/],
  [{ functions: [{ name: 'f' }] }, /send `tools`/],
  [{ messages: [{ role: 'function', name: 'f', content: 'x' }] }, /role "function"/],
  [{ messages: 'hello' }, /has to be a list/],
])('[RT-4] what has no counterpart (%o) is refused in words', (change, words) => {
  expect(() => translateRequest({ ...sent, ...change }, sides, claude({}))).toThrow(words);
});
