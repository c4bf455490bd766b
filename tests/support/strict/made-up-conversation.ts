import fc from 'fast-check';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { sealOriginal } from '../../../middleware/protocol/translation/original.ts';
import { oddFormats, oddName, oddParameters } from './made-up-schemas.ts';

/** Conversations as clients of the Responses API may send them, also what interrupted turns leave behind. */
const words = fc.constantFrom('', ' ', 'hello', 'line\u2028break', '{"a":1}', 'Grüße 🎉');
const ids = fc.constantFrom('call_1', 'call_2', 'call_3', 'call_4', 'call_5');
const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==';
const pictures = fc.constantFrom(
  `data:image/png;base64,${png}`,
  `data:image/jpeg;base64,${png}`,
  'data:image/svg+xml;base64,PHN2Zy8+',
  'https://pictures.example/a.png',
);

const userParts = fc.array(
  fc.oneof(
    words.map((text) => ({ type: 'input_text', text })),
    pictures.map((url) => ({ type: 'input_image', image_url: url })),
    fc.constant({ type: 'input_file', filename: 'a.bin', file_data: 'data:application/x-any;base64,AAAA' }),
  ),
  { maxLength: 3 },
);

const toolNames = fc.constantFrom(
  { name: 'exec_command' },
  { name: 'search', namespace: 'mcp__docs' },
  { name: 'x'.repeat(70), namespace: 'mcp__long' },
  { name: 'a.b/c' },
);

const items: fc.Arbitrary<JsonObject> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant('message'), role: fc.constant('user'), content: userParts }),
  },
  fc.record({
    type: fc.constant('message'),
    role: fc.constantFrom('developer', 'system'),
    content: words.map((text) => [{ type: 'input_text', text }]),
  }),
  fc.record({
    type: fc.constant('message'),
    role: fc.constant('assistant'),
    content: words.map((text) => [{ type: 'output_text', text }]),
  }),
  fc.record({
    type: fc.constant('reasoning'),
    summary: fc.constant([]),
    encrypted_content: fc.constantFrom(
      sealOriginal({
        origin: 'anthropic',
        blocks: [{ type: 'thinking', thinking: 'hm', signature: 'signed' }],
      }),
      sealOriginal({ origin: 'anthropic', blocks: [{ type: 'thinking', thinking: 'cut', signature: '' }] }),
      sealOriginal({
        origin: 'openai-compatible',
        blocks: [{ message: { reasoning_content: 'hm' }, calls: {} }],
      }),
      'gAAAAforeign',
      null,
    ),
  }),
  fc
    .record({ id: ids, tool: toolNames, input: fc.constantFrom('', '{}', '{"cmd":"ls"}', 'no json', '[1]') })
    .map(({ id, tool, input }) => ({ type: 'function_call', call_id: id, ...tool, arguments: input })),
  fc.record({
    type: fc.constant('custom_tool_call'),
    call_id: ids,
    name: fc.constant('apply_patch'),
    input: words,
  }),
  fc.record({
    type: fc.constant('function_call_output'),
    call_id: ids,
    output: fc.oneof(words, userParts),
  }),
  fc.record({ type: fc.constant('custom_tool_call_output'), call_id: ids, output: words }),
  fc.record({
    type: fc.constant('tool_search_call'),
    call_id: ids,
    execution: fc.constant('client'),
    arguments: fc.constant({ query: 'q' }),
  }),
  fc.record({
    type: fc.constant('tool_search_output'),
    call_id: ids,
    tools: fc.constant([
      {
        type: 'namespace',
        name: 'mcp__found',
        description: 'd',
        tools: [{ type: 'function', name: 'f', parameters: {} }],
      },
    ]),
  }),
  fc.record({
    type: fc.constant('compaction'),
    encrypted_content: fc.constantFrom('gAAAAforeign', 'codex-plus.1.eyJzdW1tYXJ5IjoicyJ9'),
  }),
  fc.record({
    type: fc.constant('web_search_call'),
    id: fc.constant('ws_1'),
    status: fc.constant('completed'),
  }),
);

const tools = [
  {
    type: 'function',
    name: 'exec_command',
    strict: false,
    parameters: { type: 'object', properties: { cmd: { type: 'string' } } },
  },
  {
    type: 'custom',
    name: 'apply_patch',
    description: 'Edits.',
    format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"' },
  },
  {
    type: 'namespace',
    name: 'mcp__docs',
    description: 'Docs.',
    tools: [{ type: 'function', name: 'search', parameters: { anyOf: [] } }],
  },
  {
    type: 'namespace',
    name: 'mcp__long',
    description: '',
    tools: [{ type: 'function', name: 'x'.repeat(70), parameters: {} }],
  },
  { type: 'function', name: 'mcp__docs__search', parameters: {} },
  {
    type: 'tool_search',
    execution: 'client',
    description: 'Finds tools.',
    parameters: { type: 'object', properties: {} },
  },
  { type: 'web_search', external_web_access: false },
  ...oddParameters.map((parameters, index) => ({ type: 'function', name: oddName(index), parameters })),
];

export const responsesBodies: fc.Arbitrary<JsonObject> = fc.record({
  model: fc.constant('m'),
  stream: fc.boolean(),
  input: fc.array(items, { minLength: 1, maxLength: 14 }),
  tools: fc.constantFrom(tools, []),
  tool_choice: fc.constantFrom(
    'auto',
    'required',
    'none',
    { type: 'function', name: 'exec_command' },
    { type: 'function', name: 'gone' },
  ),
  parallel_tool_calls: fc.boolean(),
  reasoning: fc.constantFrom(
    undefined,
    ...['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'].map((effort) => ({ effort })),
  ),
  temperature: fc.constantFrom(undefined, 0, 1.7),
  max_output_tokens: fc.constantFrom(undefined, 16, 2_000, 60_000),
  prompt_cache_key: fc.constant('thread'),
  text: fc.constantFrom(
    undefined,
    { format: { type: 'json_object' } },
    ...oddFormats.map((schema) => ({ format: { type: 'json_schema', name: 'n', schema, strict: true } })),
  ),
});
