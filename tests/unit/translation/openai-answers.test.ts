import { expect, test } from '@jest/globals';
import type Anthropic from '@anthropic-ai/sdk';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import type { ModelTraits } from '../../../middleware/protocol/translation/model-traits.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { readByAnthropic } from '../../support/clients/read-by-anthropic.ts';
import { holds } from '../../support/fuzz.ts';
import { growsLinearly } from '../../support/grows-linearly.ts';
import { messagesBodies } from '../../support/strict/made-up-messages.ts';
import { openai } from '../../support/strict/models.ts';
import { faultsOfResponses } from '../../support/strict/responses-rules.ts';

const sides = { client: messagesClient, provider: responsesProvider };
const traits = openai({});
const asked = { role: 'user', content: 'go' } as const;
const tools = [{ name: 'Write', description: 'd', input_schema: { type: 'object', properties: {} } }];
const thinking = { type: 'enabled', budget_tokens: 20_000 };
const sent = { model: 'gpt', max_tokens: 32_000, stream: true, messages: [asked], tools, thinking };

const input = { path: 'a.txt', content: 'a "b"\u2028🎉' };
const args = JSON.stringify(input);
const usage = { input_tokens: 10, output_tokens: 30, input_tokens_details: { cached_tokens: 3 } };
const thought = {
  ...{ id: 'rs_1', type: 'reasoning', encrypted_content: 'gAAAA1' },
  summary: [
    { type: 'summary_text', text: '**Look**' },
    { type: 'summary_text', text: 'Then write.' },
  ],
};
const said = {
  ...{ id: 'msg_1', type: 'message', role: 'assistant', status: 'completed' },
  content: [{ type: 'output_text', text: 'I will write.', annotations: [] }],
};
const call = {
  ...{ id: 'fc_1', type: 'function_call', status: 'completed' },
  ...{ call_id: 'call_1', name: 'Write', arguments: args },
};
const whole = { id: 'resp_1', status: 'completed', model: 'gpt', output: [thought, said, call], usage };

function added(output_index: number, item: JsonObject): JsonObject {
  return { type: 'response.output_item.added', output_index, item };
}
function done(output_index: number, item: JsonObject): JsonObject {
  return { type: 'response.output_item.done', output_index, item };
}
function piece(output_index: number, type: string, delta?: string): JsonObject {
  return { type: `response.${type}`, output_index, delta };
}

/** As OpenAI streams it. */
const events: readonly JsonObject[] = [
  { type: 'response.created', response: { id: 'resp_1', model: 'gpt', status: 'in_progress', output: [] } },
  added(0, { ...thought, summary: [] }),
  piece(0, 'reasoning_summary_part.added'),
  piece(0, 'reasoning_summary_text.delta', '**Lo'),
  piece(0, 'reasoning_summary_text.delta', 'ok**'),
  piece(0, 'reasoning_summary_part.added'),
  piece(0, 'reasoning_summary_text.delta', 'Then write.'),
  done(0, thought),
  added(1, { ...said, content: [], status: 'in_progress' }),
  piece(1, 'output_text.delta', 'I will '),
  piece(1, 'output_text.delta', 'write.'),
  done(1, said),
  added(2, { ...call, arguments: '', status: 'in_progress' }),
  piece(2, 'function_call_arguments.delta', args.slice(0, 9)),
  piece(2, 'function_call_arguments.delta', args.slice(9)),
  done(2, call),
  { type: 'response.completed', response: whole },
];

function streamed(request: JsonObject, from: readonly JsonObject[] = events): Promise<Anthropic.Message> {
  return readByAnthropic(request, { provider: responsesProvider, traits, events: from });
}

function answered(answer: JsonObject): JsonObject {
  const translated = translateRequest({ ...sent, stream: false }, sides, traits);
  const read = responsesProvider.readAnswer(answer, translated.names, traits);
  return messagesClient.writeAnswer(read, translated.request, 1);
}

test.each([
  ['that reasons', openai({})],
  ['that does not reason', openai({ reasons: false, takesSampling: true })],
  ['without pictures', openai({ takesImages: false })],
] satisfies [string, ModelTraits][])(
  '[RT-4] whatever a client of the Messages API sends, a model of OpenAI takes, one %s',
  async (_name, model) => {
    await holds(
      [messagesBodies],
      (body) => {
        const { body: written } = translateRequest(body, sides, model);
        expect(faultsOfResponses(written, model.reasons)).toEqual([]);
        expect(Number(written['max_output_tokens'])).toBeLessThanOrEqual(model.maxOutputTokens ?? 0);
      },
      400,
    );
  },
);

test('[RT-4] a conversation that goes on begins with the same bytes for OpenAI', async () => {
  await holds([messagesBodies, messagesBodies], (first, second) => {
    const messages = [...objectsIn(first['messages']), asked];
    const written = [messages, [...messages, ...messagesOfOtherCalls(second), asked]].map((all) => {
      const { body } = translateRequest({ ...first, messages: all }, sides, traits);
      return objectsIn(body['input']).map((item) => JSON.stringify(item));
    });
    const [before = [], after = []] = written;
    expect(after.slice(0, before.length)).toEqual(before);
  });
});

test('[RT-4] a conversation of many turns is written in no more time than its turns take', async () => {
  const turns = (size: number): JsonObject => ({
    ...sent,
    messages: Array.from({ length: size }, () => [asked, { role: 'assistant', content: 'ok' }]).flat(),
  });
  await growsLinearly(turns, (body) => translateRequest(body, sides, traits), 4_000);
});

/** A result that comes late belongs to its call all the same; here there is none such. */
function messagesOfOtherCalls({ messages }: JsonObject): readonly JsonObject[] {
  return objectsIn(JSON.parse(JSON.stringify(messages).replaceAll('"toolu_', '"later_')));
}

const content = [
  { type: 'thinking', thinking: '**Look**\n\nThen write.' },
  { type: 'text', text: 'I will write.' },
  { type: 'tool_use', id: 'call_1', name: 'Write', input },
];
const expected = {
  ...{ role: 'assistant', stop_reason: 'tool_use', content },
  usage: { input_tokens: 7, cache_read_input_tokens: 3, output_tokens: 30 },
};

test.each([
  ['in pieces', events],
  ['item for item', events.filter(({ type }) => !String(type).includes('delta'))],
  ['at its end alone', events.slice(-1)],
  [
    'with pieces in turns',
    [...events.slice(0, 7), ...events.slice(8, 11), ...events.slice(12, 16), ...events.slice(7, 8)].concat(
      events.slice(11, 12),
      events.slice(16),
    ),
  ],
] as const)("[RT-4] Anthropic's SDK reads an answer of OpenAI's that comes %s", async (_name, from) => {
  expect(await streamed(sent, from)).toMatchObject(expected);
});

test("[RT-4] Anthropic's SDK reads an answer of OpenAI's that is no stream", () => {
  expect(answered(whole)).toMatchObject(expected);
});

test.each([
  ['a client that asked for thinking', sent, [{ type: 'summary_text', text: '**Look**\n\nThen write.' }]],
  ['one that did not', { ...sent, thinking: undefined }, []],
])('[RT-4] what OpenAI encrypted goes back before the call: %s', async (_name, request, summary) => {
  const turn = { role: 'assistant', content: (await streamed(request)).content };
  const result = { type: 'tool_result', tool_use_id: 'call_1', content: 'ok' };
  const messages = [asked, turn, { role: 'user', content: [result] }];
  const { body } = translateRequest({ ...request, messages }, sides, traits);
  const items = objectsIn(body['input']);
  expect(items.filter(({ type }) => type === 'reasoning')).toEqual([
    { type: 'reasoning', summary, encrypted_content: 'gAAAA1' },
  ]);
  expect(items.map(({ type }) => type).indexOf('reasoning')).toBeLessThan(
    items.map(({ type }) => type).indexOf('function_call'),
  );
  expect(faultsOfResponses(body, true)).toEqual([]);
  const others = translateRequest({ ...request, messages }, sides, openai({ provider: 'xai' }));
  expect(JSON.stringify(others.body)).not.toContain('gAAAA1');
});

test('[RT-4] an answer that its limit cut off is one to Claude Code, and its call is not run', async () => {
  const cut = {
    ...{ ...whole, status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
    output: [thought, said, { ...call, status: 'incomplete', arguments: args.slice(0, 9) }],
  };
  const pieces = [...events.slice(0, 14), { type: 'response.incomplete', response: cut }];
  const message = await streamed(sent, pieces);
  expect(message.stop_reason).toBe('max_tokens');
  const last = answered(cut);
  expect(last).toMatchObject({ stop_reason: 'max_tokens', content: content.slice(0, 2) });
});

test.each([
  ['ends early', events.slice(0, 10)],
  ['says two inputs of one call', [...events.slice(0, 14), done(2, { ...call, arguments: '{"path":"b"}' })]],
  [
    'ends with a call open',
    [...events.slice(0, 14), { type: 'response.completed', response: { status: 'completed' } }],
  ],
])('[RT-4] a stream of OpenAI that %s is an error, and no call is run', async (_name, from) => {
  await expect(streamed(sent, from)).rejects.toThrow(
    /the answer of the provider|a call of the model is not whole/,
  );
});

test.each([
  [
    { code: 'context_length_exceeded', message: 'Your input exceeds the context window' },
    /prompt is too long/,
  ],
  [{ code: 'rate_limit_exceeded', message: 'Rate limit reached' }, /rate_limit_error/],
])('[RT-4] a failure of OpenAI is an error by which Claude Code knows it: %j', async (error, told) => {
  const failed = { type: 'response.failed', response: { ...whole, status: 'failed', output: [], error } };
  await expect(streamed(sent, [...events.slice(0, 1), failed])).rejects.toThrow(told);
});
