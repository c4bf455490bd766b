import fc from 'fast-check';
import type { JsonObject } from '../../middleware/kernel/json-object.ts';
import type { SseFrame } from '../../middleware/kernel/sse-frame.ts';
import { frameBytes, parseFrame } from '../../middleware/protocol/sse/sse-frame.ts';

/** Pieces of arguments: put together in any order they are half, double, no JSON, or whole. */
const args = fc.constantFrom(
  ...[
    '{',
    '}',
    '{"a":1}',
    '{"a":',
    '1}',
    '"',
    ',',
    '[1]',
    'null',
    ' ',
    '',
    '\\',
    '\\u00',
    '\u0000',
    '\ufeff',
    'NaN',
  ],
  ...[
    '{"input":"',
    'x"}',
    'line\nend',
    '🎉',
    '\ud83c',
    '*** Begin Patch',
    '[',
    ']',
    '"y"',
    'y'.repeat(70_000),
  ],
);
const said = fc.constantFrom(
  'Hello ',
  'ä🎉',
  '\n',
  ' ',
  '{"type":"response.completed"}',
  'z'.repeat(70_000),
  '',
);
const callId = fc.constantFrom('a', 'b', 'call_1', '', null, undefined);
const toolName = fc.constantFrom('read', 'exec', 'other', '', undefined);
const place = fc.constantFrom(0, 0, 1, 2, undefined, null, -1, '0');
const ending = fc.constantFrom(
  'stop',
  'tool_calls',
  'tool_use',
  'length',
  'refusal',
  'error',
  'weird',
  'end_turn',
);

const piece = fc.record(
  {
    ...{ index: place, id: callId },
    function: fc.record(
      { name: toolName, arguments: fc.oneof(args, fc.constant({ a: 1 })) },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);
const delta = fc.record(
  {
    content: fc.oneof(said, fc.constant(null), fc.constant([{ type: 'text', text: 'part' }])),
    ...{ reasoning_content: said, refusal: said },
    tool_calls: fc.oneof(fc.array(piece, { maxLength: 3 }), fc.constant(null)),
  },
  { requiredKeys: [] },
);
const chunk = fc
  .tuple(delta, fc.option(ending, { freq: 12 }))
  .map(([held, finish_reason]): JsonObject => ({ choices: [{ index: 0, delta: held, finish_reason }] }));

const block = fc.oneof(
  fc.record({ type: fc.constant('text'), text: said }, { requiredKeys: ['type'] }),
  fc.record({
    type: fc.constant('tool_use'),
    id: callId,
    name: toolName,
    input: fc.constantFrom({}, {}, { a: 1 }, [], null),
  }),
  fc.constantFrom<JsonObject>(
    { type: 'thinking', thinking: 'Hm', signature: 's' },
    { type: 'server_tool_use' },
    {},
  ),
);
const blockDelta = fc.oneof(
  said.map((text) => ({ type: 'text_delta', text })),
  args.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
  fc.constantFrom(
    { type: 'thinking_delta', thinking: 'hm' },
    { type: 'signature_delta', signature: 't' },
    {},
  ),
);
const claudeEvent: fc.Arbitrary<JsonObject> = fc.oneof(
  fc
    .tuple(place, block)
    .map(([index, start]) => ({ type: 'content_block_start', index, content_block: start })),
  fc.tuple(place, blockDelta).map(([index, more]) => ({ type: 'content_block_delta', index, delta: more })),
  place.map((index) => ({ type: 'content_block_stop', index })),
  fc.option(ending).map((stop_reason) => ({ type: 'message_delta', delta: { stop_reason } })),
  fc.constantFrom<JsonObject>(
    { type: 'message_start', message: { id: 'm' } },
    { type: 'ping' },
    { type: 'message_stop' },
  ),
);

const itemId = fc.constantFrom('i1', 'i2', 'i3', '', undefined);
const item: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({
    type: fc.constant('message'),
    id: itemId,
    content: said.map((text) => [{ type: 'output_text', text }]),
  }),
  fc.record(
    {
      ...{ type: fc.constant('function_call'), id: itemId, call_id: callId, name: toolName },
      ...{ arguments: fc.oneof(args, fc.constant({ a: 1 })) },
      status: fc.constantFrom('completed', 'incomplete', 'in_progress', 'odd', undefined),
    },
    { requiredKeys: ['type'] },
  ),
  fc.record({
    type: fc.constant('reasoning'),
    id: itemId,
    encrypted_content: fc.constantFrom('e', '', undefined),
  }),
  fc.constantFrom<JsonObject>({ type: 'web_search_call', id: 'i9' }, {}),
);
const openaiEvent: fc.Arbitrary<JsonObject> = fc.oneof(
  fc
    .tuple(fc.constantFrom('added', 'done'), place, item)
    .map(([step, output_index, one]) => ({ type: `response.output_item.${step}`, output_index, item: one })),
  fc
    .tuple(fc.constantFrom('output_text', 'reasoning_text', 'refusal'), place, itemId, said)
    .map(([what, output_index, item_id, text]) => ({
      type: `response.${what}.delta`,
      output_index,
      item_id,
      delta: text,
    })),
  fc.tuple(place, itemId, args).map(([output_index, item_id, json]) => ({
    ...{ type: 'response.function_call_arguments.delta', output_index, item_id },
    delta: json,
  })),
);
const openaiEnd = fc
  .tuple(
    fc.constantFrom('completed', 'incomplete', 'failed'),
    fc.constantFrom('completed', 'incomplete', 'in_progress', 'odd', undefined),
    fc.array(item, { maxLength: 3 }),
  )
  .map(([type, status, output]): JsonObject => ({
    type: `response.${type}`,
    response: { id: 'r', status, output },
  }));

const junk = fc.constantFrom(
  ': comment\n\n',
  'data: [DONE]\n\n',
  'data: {"x"\n\n',
  'data: []\n\n',
  'data: {"type":"odd"}\n\n',
);

/** Frames in any order, and at the end one that may be the end of an answer. */
function streamOf(
  event: fc.Arbitrary<JsonObject>,
  end: fc.Arbitrary<readonly JsonObject[]>,
): fc.Arbitrary<readonly SseFrame[]> {
  const written = (one: JsonObject): SseFrame => parseFrame(frameBytes(JSON.stringify(one)));
  const frame = fc.oneof(
    { weight: 20, arbitrary: event.map(written) },
    { weight: 1, arbitrary: junk.map((text) => parseFrame(Buffer.from(text))) },
  );
  return fc
    .tuple(fc.array(frame, { maxLength: 20 }), end)
    .map(([frames, last]) => [...frames, ...last.map(written)]);
}

export const oddChatStream = streamOf(
  chunk,
  fc.option(ending, { nil: '' }).map((finish_reason) => [{ choices: [{ delta: {}, finish_reason }] }]),
);
export const oddClaudeStream = streamOf(
  claudeEvent,
  ending.map((stop_reason) => [{ type: 'message_delta', delta: { stop_reason } }, { type: 'message_stop' }]),
);
export const oddOpenaiStream = streamOf(
  openaiEvent,
  openaiEnd.map((end) => [end]),
);
