import { expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatClient } from '../../../middleware/protocol/apis/chat/translation/client.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import {
  eventFrame,
  objectAt,
  objectsIn,
  readEvent,
} from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import { CallInput } from '../../../middleware/protocol/translation/inputs/call-input.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import type {
  ClientTranslation,
  ProviderTranslation,
} from '../../../middleware/protocol/translation/translation-codec.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';

const messages = [{ role: 'user', content: 'go' }];
const parameters = { type: 'object', properties: {} };
const clients: readonly (readonly [string, ClientTranslation, JsonObject])[] = [
  [
    'Responses',
    responsesClient,
    { model: 'm', input: 'go', tools: [{ type: 'function', name: 'read', parameters }] },
  ],
  [
    'Chat Completions',
    chatClient,
    { model: 'm', messages, tools: [{ type: 'function', function: { name: 'read', parameters } }] },
  ],
  [
    'Messages',
    messagesClient,
    { model: 'm', max_tokens: 9, messages, tools: [{ name: 'read', input_schema: parameters }] },
  ],
];
const traitsOf = new Map([
  [messagesProvider, claude({})],
  [chatProvider, plainChat({})],
  [responsesProvider, openai({})],
]);

/** A call with these arguments, as a provider streams them. */
const streams: readonly (readonly [
  string,
  ProviderTranslation,
  (pieces: readonly string[]) => readonly JsonObject[],
])[] = [
  [
    'a chat API',
    chatProvider,
    (pieces) => [
      ...pieces.map((args, at) => ({
        choices: [
          {
            index: 0,
            delta: {
              tool_calls: [
                { index: 0, ...(at === 0 ? { id: 'c' } : {}), function: { name: 'read', arguments: args } },
              ],
            },
          },
        ],
      })),
      { choices: [{ index: 0, delta: {}, finish_reason: 'tool_calls' }] },
    ],
  ],
  [
    'the Messages API',
    messagesProvider,
    (pieces) => [
      {
        type: 'content_block_start',
        index: 0,
        content_block: { type: 'tool_use', id: 'c', name: 'read', input: {} },
      },
      ...pieces.map((partial_json) => ({
        ...{ type: 'content_block_delta', index: 0 },
        delta: { type: 'input_json_delta', partial_json },
      })),
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
      { type: 'message_stop' },
    ],
  ],
  [
    'the Responses API',
    responsesProvider,
    (pieces) => {
      const item = { type: 'function_call', name: 'read', call_id: 'c' };
      return [
        { type: 'response.output_item.added', output_index: 0, item: { ...item, arguments: '' } },
        ...pieces.map((delta) => ({
          type: 'response.function_call_arguments.delta',
          output_index: 0,
          delta,
        })),
        { type: 'response.output_item.done', output_index: 0, item: { ...item, arguments: pieces.join('') } },
        { type: 'response.completed', response: { status: 'completed', output: [] } },
      ];
    },
  ],
];

/** The arguments that clients put together of the pieces that they get. */
function argumentsIn(frames: readonly JsonObject[]): string {
  return frames
    .map((frame) => {
      if (frame['type'] === 'response.function_call_arguments.delta') return String(frame['delta']);
      const [choice = {}] = objectsIn(frame['choices']);
      const [call = {}] = objectsIn(objectAt(choice, 'delta')['tool_calls']);
      const { partial_json: json = '' } = objectAt(frame, 'delta');
      return String(objectAt(call, 'function')['arguments'] ?? json);
    })
    .join('');
}

const written: readonly (readonly [string, string, unknown])[] = [
  ['line ends and tabs as they are', '{"command":"a\nb\tc",\n"n": 1}', { command: 'a\nb\tc', n: 1 }],
  ['escapes that JSON does not know', String.raw`{"p":"\d+ \u12 \\ \" \u00e9"}`, { p: '\\d+ \\u12 \\ " é' }],
  ['a backslash before the quote', '{"p":"a\\\\"}', { p: 'a\\' }],
  ['JSON', '{ "p": ["a", {"b": "\\n\u2028"}] }', { p: ['a', { b: '\n\u2028' }] }],
];

for (const [api, client, body] of clients)
  for (const [from, provider, streamOf] of streams)
    test.each(written)(
      `[RT-4] %s in arguments of ${from} reach clients of ${api} as JSON`,
      (_what, args, value) => {
        for (const pieces of [[args], Array.from(args), args.split(/(?<=\\)/)]) {
          const traits = traitsOf.get(provider) ?? claude({});
          const { request, names } = translateRequest(body, { client, provider }, traits);
          const reader = provider.openReader(names, traits);
          const events = [
            ...streamOf(pieces).flatMap((event) => reader.read(eventFrame(event))),
            ...reader.finish(),
          ];
          const writer = client.openWriter(request, 1);
          const frames = events
            .flatMap((event) => writer.write(event))
            .map((frame) => readEvent(frame) ?? {});
          expect(JSON.parse(argumentsIn(frames))).toEqual(value);
          if (client === messagesClient)
            expect(client.writeAnswer(events, request, 1)).toMatchObject({ content: [{ input: value }] });
        }
      },
    );

test('[RT-4] arguments that are no JSON at all keep their letters', () => {
  const args = 'echo "a\nb \\d"';
  for (const pieces of [[args], Array.from(args)]) {
    const input = new CallInput(false);
    expect(pieces.map((piece) => input.add(piece)).join('') + String(input.end(false))).toBe(args);
  }
});

test.each([chatProvider, messagesProvider, responsesProvider])(
  '[RT-4] such arguments of an earlier turn go to every provider as JSON',
  (provider) => {
    const input = [
      { role: 'user', content: 'go' },
      { type: 'function_call', call_id: 'c', name: 'read', arguments: '{"command":"a\nb"}' },
      { type: 'function_call_output', call_id: 'c', output: 'done' },
    ];
    const sides = { client: responsesClient, provider };
    const { body } = translateRequest({ model: 'm', input }, sides, traitsOf.get(provider) ?? claude({}));
    expect(JSON.stringify(body)).toMatch(
      /"(?:input|arguments)":(?:"\{\\"command\\":\\"a\\\\nb\\"\}"|\{"command":"a\\nb"\})/,
    );
  },
);
