import fc from 'fast-check';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { sealOriginal } from '../../../middleware/protocol/translation/original.ts';
import { oddFormats, oddName, oddParameters } from './made-up-schemas.ts';

/** Conversations as clients of the Messages API may send them, also what interrupted turns leave behind. */
const words = fc.constantFrom('', ' ', 'hello', 'line\u2028break', '{"a":1}', 'Grüße 🎉');
const ids = fc.constantFrom('toolu_1', 'toolu_2', 'toolu_3', 'toolu_4', 'toolu_5');
const text = words.map((said) => ({ type: 'text', text: said, cache_control: { type: 'ephemeral' } }));
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==';
const image = fc.constantFrom(
  { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } },
  { type: 'image', source: { type: 'base64', media_type: 'image/svg+xml', data: 'PHN2Zy8+' } },
  { type: 'image', source: { type: 'url', url: 'https://pictures.example/a.png' } },
  { type: 'image', source: { type: 'file', file_id: 'file_1' } },
);
const document = fc.constantFrom(
  { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } },
  { type: 'document', title: 'notes', source: { type: 'text', media_type: 'text/plain', data: 'x' } },
);
const result = fc.record({
  type: fc.constant('tool_result'),
  tool_use_id: ids,
  is_error: fc.constantFrom(undefined, true),
  content: fc.oneof(
    words,
    fc.constant(undefined),
    fc.array(fc.oneof(text, image, fc.constant({ type: 'tool_reference', tool_name: 'mcp__docs__search' })), {
      maxLength: 3,
    }),
  ),
});
const encrypted = sealOriginal({
  origin: 'openai',
  provider: 'openai',
  blocks: [{ encrypted_content: 'gAAAA' }],
});
const reasoning = sealOriginal({
  origin: 'openai-compatible',
  blocks: [{ message: { reasoning_content: 'hm' }, calls: {} }],
});
const modelBlock = fc.oneof(
  text,
  fc.constantFrom(
    { type: 'thinking', thinking: 'hm', signature: reasoning },
    { type: 'thinking', thinking: 'hm', signature: encrypted },
    { type: 'thinking', thinking: 'hm', signature: 'of Claude' },
    { type: 'redacted_thinking', data: 'of Claude' },
    { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} },
  ),
  fc.record({
    type: fc.constant('tool_use'),
    id: ids,
    name: fc.constantFrom('Bash', 'mcp__docs__search', 'a.b/c', 'x'.repeat(120)),
    input: fc.constantFrom({}, { command: 'ls' }),
  }),
);
const message: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.record({
    role: fc.constant('user'),
    content: fc.oneof(words, fc.array(fc.oneof(text, image, document, result, result), { maxLength: 4 })),
  }),
  fc.record({
    role: fc.constant('assistant'),
    content: fc.oneof(words, fc.array(modelBlock, { maxLength: 4 })),
  }),
  fc.record({ role: fc.constant('system'), content: words }),
);

const tools = [
  { name: 'Bash', description: 'd', input_schema: { type: 'object', properties: {} }, strict: true },
  { name: 'mcp__docs__search', description: 'd', input_schema: { type: 'object' }, defer_loading: true },
  {
    type: 'custom',
    name: 'x'.repeat(120),
    input_schema: { type: 'object' },
    cache_control: { type: 'ephemeral' },
  },
  { type: 'web_search_20250305', name: 'web_search', max_uses: 5 },
  ...oddParameters.map((input_schema, index) => ({ name: oddName(index), input_schema })),
];

export const messagesBodies: fc.Arbitrary<JsonObject> = fc.record({
  model: fc.constant('m'),
  max_tokens: fc.constantFrom(16, 32_000, 200_000),
  stream: fc.boolean(),
  system: fc.oneof(words, fc.array(text, { maxLength: 2 })),
  messages: fc.array(message, { minLength: 1, maxLength: 12 }),
  tools: fc.constantFrom(tools, undefined),
  tool_choice: fc.constantFrom(undefined, { type: 'any' }, { type: 'tool', name: 'Bash' }, { type: 'none' }),
  thinking: fc.constantFrom(
    undefined,
    { type: 'enabled', budget_tokens: 31_999 },
    { type: 'adaptive' },
    { type: 'disabled' },
  ),
  output_config: fc.constantFrom(
    undefined,
    { effort: 'xhigh' },
    ...oddFormats.map((schema) => ({ format: { type: 'json_schema', schema } })),
  ),
  stop_sequences: fc.constantFrom(undefined, ['END'], [' ', '\n']),
  metadata: fc.constant({ user_id: 'u' }),
  context_management: fc.constant({ edits: [] }),
  top_k: fc.constant(5),
});
