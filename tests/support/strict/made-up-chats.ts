import fc from 'fast-check';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { oddFormats, oddName, oddParameters } from './made-up-schemas.ts';

/** Conversations as clients of the Chat Completions API may send them, also what interrupted turns leave behind. */
const words = fc.constantFrom('', ' ', 'hello', 'line\u2028break', '{"a":1}', 'Grüße 🎉');
const ids = fc.constantFrom('call_1', 'call_2', 'call_3', 'call_4', 'call_5');
const pictures = fc.constantFrom(
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==',
  'data:image/svg+xml;base64,PHN2Zy8+',
  'https://pictures.example/a.png',
);
const parts = fc.oneof(
  words,
  fc.array(
    fc.oneof(
      words.map((text) => ({ type: 'text', text })),
      pictures.map((url) => ({ type: 'image_url', image_url: { url } })),
      fc.constantFrom(
        {
          type: 'file',
          file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' },
        },
        { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
      ),
    ),
    { maxLength: 3 },
  ),
);
const calls = fc.array(
  fc.oneof(
    fc.record({
      id: ids,
      type: fc.constant('function'),
      function: fc.record({
        name: fc.constantFrom('exec_command', 'a.b/c'),
        arguments: fc.constantFrom('', '{}', '{"cmd":"ls"}', 'no json', '[1]'),
      }),
    }),
    fc.record({
      id: ids,
      type: fc.constant('custom'),
      custom: fc.record({ name: fc.constant('apply_patch'), input: words }),
    }),
  ),
  { minLength: 1, maxLength: 3 },
);
/** As LiteLLM's library gives them to its callers, with members that Anthropic does not know. */
const thoughts = fc.constantFrom(
  undefined,
  [{ type: 'thinking', thinking: 'hm', signature: 'signed', cache_control: null }],
  [{ type: 'thinking', thinking: 'not signed' }],
);

const messages: fc.Arbitrary<JsonObject> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ role: fc.constant('user'), content: parts, name: fc.constant('me') }) },
  fc.record({ role: fc.constantFrom('developer', 'system'), content: parts }),
  fc.record({
    role: fc.constant('assistant'),
    content: fc.oneof(fc.constant(null), words),
    refusal: fc.constant(null),
    reasoning_content: fc.constantFrom(undefined, 'hm'),
    thinking_blocks: thoughts,
    tool_calls: fc.oneof(fc.constant(undefined), calls),
  }),
  fc.record({ role: fc.constant('tool'), tool_call_id: ids, content: parts }),
);

const tools = [
  {
    type: 'function',
    function: {
      name: 'exec_command',
      description: 'd',
      strict: true,
      parameters: { type: 'object', properties: {} },
    },
  },
  { type: 'function', function: { name: 'no_parameters' } },
  {
    type: 'custom',
    custom: {
      name: 'apply_patch',
      format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'start: "x"' } },
    },
  },
  { type: 'web_search', external_web_access: true },
  ...oddParameters.map((parameters, index) => ({
    type: 'function',
    function: { name: oddName(index), parameters },
  })),
];

export const chatBodies: fc.Arbitrary<JsonObject> = fc.record({
  model: fc.constant('m'),
  stream: fc.boolean(),
  stream_options: fc.constant({ include_usage: true }),
  messages: fc.array(messages, { minLength: 1, maxLength: 12 }),
  tools: fc.constantFrom(tools, undefined),
  tool_choice: fc.constantFrom('auto', 'required', { type: 'function', function: { name: 'exec_command' } }),
  reasoning_effort: fc.constantFrom(undefined, 'none', 'minimal', 'high', 'xhigh'),
  thinking: fc.constantFrom(undefined, { type: 'enabled', budget_tokens: 2_000 }),
  temperature: fc.constantFrom(undefined, 0, 1.7),
  max_completion_tokens: fc.constantFrom(undefined, 16, 2_000, 60_000),
  stop: fc.constantFrom(undefined, 'END', ['A', 'B'], ' ', ['\n', 'A']),
  n: fc.constant(1),
  seed: fc.constant(1),
  response_format: fc.constantFrom(
    undefined,
    ...oddFormats.map((schema) => ({
      type: 'json_schema',
      json_schema: { name: 'n', schema, strict: true },
    })),
  ),
});
