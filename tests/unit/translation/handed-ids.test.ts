import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { eventFrame, objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import type { ProviderTranslation } from '../../../middleware/protocol/translation/translation-codec.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';

const providers = new Map([
  [messagesProvider, claude({})],
  [chatProvider, plainChat({ provider: 'moonshot' })],
  [responsesProvider, openai({})],
]);
const tools = [{ name: 'read', input_schema: { type: 'object', properties: {} } }];
const user = (content: unknown): JsonObject => ({ role: 'user', content });

/** An answer of two calls with these ids, as each provider gives it. */
const answers = new Map<ProviderTranslation, (ids: readonly string[]) => JsonObject>([
  [
    messagesProvider,
    (ids) => ({
      content: ids.map((id, at) => ({ type: 'tool_use', id, name: 'read', input: { at } })),
      stop_reason: 'tool_use',
    }),
  ],
  [
    chatProvider,
    (ids) => {
      const calls = ids.map((id, at) => ({
        id,
        function: { name: 'read', arguments: JSON.stringify({ at }) },
      }));
      return { choices: [{ message: { tool_calls: calls }, finish_reason: 'tool_calls' }] };
    },
  ],
  [
    responsesProvider,
    (ids) => ({
      status: 'completed',
      output: ids.map((call_id, at) => ({
        ...{ type: 'function_call', name: 'read', call_id },
        arguments: JSON.stringify({ at }),
      })),
    }),
  ],
]);

/** The conversation of a client of the Messages API after each of several answers, whose calls it ran. */
function conversation(
  provider: ProviderTranslation,
  turns: readonly (readonly string[])[],
  more: JsonObject = {},
): { readonly messages: readonly JsonObject[]; readonly sent: readonly JsonObject[] } {
  const traits = providers.get(provider) ?? claude({});
  let messages: readonly JsonObject[] = [user('go')];
  const translated = (): ReturnType<typeof translateRequest> =>
    translateRequest(
      { model: 'm', max_tokens: 9_000, messages, tools, ...more },
      { client: messagesClient, provider },
      traits,
    );
  for (const ids of turns) {
    const { request, names, callIds } = translated();
    const events = provider.readAnswer(answers.get(provider)?.(ids) ?? {}, names, traits, callIds);
    const content = objectsIn(messagesClient.writeAnswer(events, request, 1)['content']);
    const results = content.flatMap(({ type, id, input }) =>
      type === 'tool_use' ? [{ type: 'tool_result', tool_use_id: id, content: JSON.stringify(input) }] : [],
    );
    messages = [...messages, { role: 'assistant', content }, user(results)];
  }
  return { messages, sent: objectsIn(translated().body['messages']) };
}

const idsOf = (messages: readonly JsonObject[]): readonly string[] =>
  messages.flatMap(({ content }) =>
    objectsIn(content).flatMap(({ type, id }) => (type === 'tool_use' ? [String(id)] : [])),
  );

describe('[RT-4] the ids of calls that a client of the Messages API gets', () => {
  test.each([
    ['of a form that Anthropic refuses', ['functions.read:0', 'functions.read:1']],
    ['twice in an answer', ['call_0', 'call_0']],
    ['too long', ['x'.repeat(64), 'x'.repeat(64)]],
    ['none', ['', '']],
  ])('are such as Anthropic takes where a provider gives them %s, in every turn', (_what, given) => {
    for (const provider of providers.keys()) {
      const ids = idsOf(conversation(provider, [given, given, given]).messages);
      expect(ids).toHaveLength(6);
      expect(new Set(ids).size).toBe(6);
      for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    }
  });

  test('a stream has the same', () => {
    const body = { model: 'm', max_tokens: 9, messages: [user('go')], tools };
    const traits = plainChat({});
    const sides = { client: messagesClient, provider: chatProvider };
    const { names, callIds } = translateRequest(body, sides, traits);
    const reader = chatProvider.openReader(names, traits, callIds);
    const deltas = [0, 1].map((index) => ({
      tool_calls: [{ index, id: 'functions.read:0', function: { name: 'read', arguments: '{}' } }],
    }));
    const events = deltas.flatMap((delta) => reader.read(eventFrame({ choices: [{ delta }] })));
    const ids = events.flatMap((event) => (event.kind === 'call-begin' ? [event.callId] : []));
    expect(ids).toEqual([
      expect.stringMatching(/^call_[\da-f]{24}$/),
      expect.stringMatching(/^call_[\da-f]{24}_2$/),
    ]);
  });

  test('ids that are good stay', () => {
    const { messages } = conversation(chatProvider, [['call_a', 'call_b']]);
    expect(idsOf(messages)).toEqual(['call_a', 'call_b']);
  });
});

describe('[RT-4] the ids of its calls that a provider gets back', () => {
  const turns = [
    ['functions.read:0', 'functions.read:1'],
    ['functions.read:2', 'call_a'],
  ];
  const given = turns.flat();
  const callsIn = (sent: readonly JsonObject[]): readonly unknown[] =>
    sent.flatMap((message) => objectsIn(message['tool_calls']).map(({ id }) => id));
  const resultsIn = (sent: readonly JsonObject[]): readonly unknown[] =>
    sent.flatMap(({ tool_call_id: id }) => (id === undefined ? [] : [id]));

  test.each([{}, { thinking: { type: 'enabled', budget_tokens: 2_000 } }])(
    'are its own, of calls and results: %j',
    (more) => {
      const { sent } = conversation(chatProvider, turns, more);
      expect(callsIn(sent)).toEqual(given);
      expect(resultsIn(sent)).toEqual(given);
    },
  );

  test('are no other for another provider', () => {
    const { messages } = conversation(chatProvider, turns);
    const body = { model: 'm', max_tokens: 9, messages, tools };
    const sides = { client: messagesClient, provider: chatProvider };
    const { body: sent } = translateRequest(body, sides, plainChat({ provider: 'deepseek' }));
    expect(callsIn(objectsIn(sent['messages']))).toEqual(idsOf(messages));
  });

  test('stay distinct where it gave one to calls of two turns', () => {
    const { sent } = conversation(chatProvider, [['functions.read:0'], ['functions.read:0']]);
    const calls = callsIn(sent);
    expect(calls[0]).toBe('functions.read:0');
    expect(new Set(calls).size).toBe(2);
    expect(resultsIn(sent)).toEqual(calls);
  });

  test('reach it from Codex as well', () => {
    const traits = plainChat({ provider: 'moonshot' });
    const sides = { client: responsesClient, provider: chatProvider };
    const body = { model: 'm', input: [{ role: 'user', content: 'go' }] };
    const { request, names, callIds } = translateRequest(body, sides, traits);
    const answer = answers.get(chatProvider)?.(given.slice(0, 2)) ?? {};
    const events = chatProvider.readAnswer(answer, names, traits, callIds);
    const output = objectsIn(responsesClient.writeAnswer(events, request, 1)['output']);
    const results = output.flatMap(({ type, call_id }) =>
      type === 'function_call' ? [{ type: 'function_call_output', call_id, output: 'ok' }] : [],
    );
    const input = [...body.input, ...output, ...results];
    const sent = objectsIn(translateRequest({ ...body, input }, sides, traits).body['messages']);
    expect(callsIn(sent)).toEqual(given.slice(0, 2));
    expect(resultsIn(sent)).toEqual(given.slice(0, 2));
  });
});
