import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatClient } from '../../../middleware/protocol/apis/chat/translation/client.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { withTakenRoles } from '../../../middleware/protocol/apis/messages/translation/direct/taken-roles.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { growsLinearly } from '../../support/grows-linearly.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';

interface Call {
  readonly id: string;
  readonly input: string;
}

interface Result {
  readonly id: string;
  readonly text: string;
}

/** How each client writes calls of one turn, and what came of them. */
const clients = {
  responses: {
    client: responsesClient,
    body: (calls: readonly Call[], results: readonly Result[]): JsonObject => ({
      model: 'm',
      input: [
        { role: 'user', content: 'go' },
        ...calls.map(({ id, input }) => ({
          type: 'function_call',
          call_id: id,
          name: 'f',
          arguments: input,
        })),
        ...results.map(({ id, text }) => ({ type: 'function_call_output', call_id: id, output: text })),
      ],
    }),
  },
  chat: {
    client: chatClient,
    body: (calls: readonly Call[], results: readonly Result[]): JsonObject => ({
      model: 'm',
      messages: [
        { role: 'user', content: 'go' },
        {
          ...{ role: 'assistant', content: null },
          tool_calls: calls.map(({ id, input }) => ({
            ...{ id, type: 'function' },
            function: { name: 'f', arguments: input },
          })),
        },
        ...results.map(({ id, text }) => ({ role: 'tool', tool_call_id: id, content: text })),
      ],
    }),
  },
  messages: {
    client: messagesClient,
    body: (calls: readonly Call[], results: readonly Result[]): JsonObject => ({
      ...{ model: 'm', max_tokens: 1000 },
      messages: [
        { role: 'user', content: 'go' },
        {
          role: 'assistant',
          content: calls.map(({ id, input }) => ({
            ...{ type: 'tool_use', id, name: 'f' },
            input: JSON.parse(input) as unknown,
          })),
        },
        {
          role: 'user',
          content: results.map(({ id, text }) => ({ type: 'tool_result', tool_use_id: id, content: text })),
        },
      ],
    }),
  },
} as const;

const providers = [
  { provider: chatProvider, traits: plainChat({}) },
  { provider: messagesProvider, traits: claude({}) },
  { provider: responsesProvider, traits: openai({}) },
] as const;

const many = <Item>(size: number, item: (index: number) => Item): readonly Item[] =>
  Array.from({ length: size }, (_, index) => item(index));

/** Each as large as `size` says, and as odd as clients may send it. */
const histories: Readonly<
  Record<string, (size: number) => { readonly calls: readonly Call[]; readonly results: readonly Result[] }>
> = {
  'further results of one call, beside a large first one': (size) => ({
    calls: [{ id: 'a', input: '{}' }],
    results: [
      { id: 'a', text: 'x'.repeat(size * 100) },
      ...many(size, (index) => ({ id: 'a', text: `other ${index}` })),
    ],
  }),
  'calls of one id, each with its result': (size) => ({
    calls: many(size, (index) => ({ id: 'a', input: `{"n":${index}}` })),
    results: many(size, (index) => ({ id: 'a', text: `${index}` })),
  }),
  'results of calls that are not there': (size) => ({
    calls: [{ id: 'a', input: '{}' }],
    results: many(size, (index) => ({ id: `b${index % 7}`, text: `${index}` })),
  }),
};

describe('[RT-4] the work for a conversation grows with its size, and no faster', () => {
  for (const [what, history] of Object.entries(histories))
    for (const [name, { client, body }] of Object.entries(clients))
      test(`${what}, of a client of ${name}`, async () => {
        for (const { provider, traits } of providers)
          await growsLinearly(
            (size) => {
              const { calls, results } = history(size);
              return body(calls, results);
            },
            (made) => translateRequest(made, { client, provider }, traits),
            1000,
          );
      });
});

test.each([
  ['before all others', [], 300],
  ['behind what the user says', [{ role: 'user', content: 'go' }], 300],
  [
    'behind what the model says',
    [
      { role: 'user', content: 'go' },
      { role: 'assistant', content: 'done' },
    ],
    3_000,
  ],
])('[RT-4] so does the work for many messages of the role "system" %s', (_where, before, least) =>
  growsLinearly(
    (size) => {
      const told = many(size, (index) => ({ role: 'system', content: `Be brief. ${index}` }));
      const messages = [...before, ...told, { role: 'user', content: 'on' }];
      const json = Buffer.from(JSON.stringify({ model: 'm', max_tokens: 9, messages }));
      const head = { model: 'm', stream: false };
      const body = { raw: json, json, contentEncoding: undefined, head };
      return { api: 'messages', path: '/messages', headers: [], ...body } as const;
    },
    (request) => withTakenRoles(request, { takesSystemTurns: false }),
    least,
  ),
);

test('[RT-4] results beside tools that a search has to find first cost no look at all of them', () =>
  growsLinearly(
    (size) => {
      const { client, body } = clients.messages;
      const calls = many(size, (index) => ({ id: `c${index}`, input: '{}' }));
      const results = calls.map(({ id }) => ({ id, text: 'done' }));
      const tools = many(size, (index) => ({
        ...{ name: `t${index}`, description: '', input_schema: { type: 'object' } },
        defer_loading: true,
      }));
      return { client, made: { ...body(calls, results), tools } };
    },
    ({ client, made }) => translateRequest(made, { client, provider: chatProvider }, plainChat({})),
    1000,
    16,
  ));

test('[RT-4] a turn may have more in it than a stack holds', () => {
  const { client, body } = clients.responses;
  const calls = many(130_000, (index) => ({ id: `c${index}`, input: '{}' }));
  for (const { provider, traits } of providers)
    expect(translateRequest(body(calls, []), { client, provider }, traits).body).toBeDefined();
});
