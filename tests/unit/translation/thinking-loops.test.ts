import { describe, expect, test } from '@jest/globals';
import type { ApiRequest } from '../../../middleware/kernel/exchange.ts';
import { objectIn, parseJson, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { sealOriginal } from '../../../middleware/protocol/translation/original.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { faultsOfMessages } from '../../support/strict/messages-rules.ts';
import { claude } from '../../support/strict/models.ts';

const budgeted = claude({ thinksAdaptively: false, providerModel: 'claude-sonnet-4-5' });
const enabled = { type: 'enabled', budget_tokens: 2_000 };
const sealed = {
  ...{ type: 'thinking', thinking: 'Hm.' },
  signature: sealOriginal({
    origin: 'openai-compatible',
    blocks: [{ message: { reasoning_content: 'Hm.' } }],
  }),
};
const signed = { type: 'thinking', thinking: 'Hm.', signature: 'signed' };
const call = (id: string): JsonObject => ({ type: 'tool_use', id, name: 'f', input: {} });
const ran = (id: string): JsonObject => ({
  role: 'user',
  content: [{ type: 'tool_result', tool_use_id: id, content: [{ type: 'text', text: 'ok' }] }],
});
const said = (role: string, text: string): JsonObject => ({ role, content: [{ type: 'text', text }] });
const of = (...content: readonly JsonObject[]): JsonObject => ({ role: 'assistant', content });
const go = said('user', 'go');

function requestOf(body: JsonObject): ApiRequest {
  const json = Buffer.from(JSON.stringify({ model: 'm', max_tokens: 9_000, ...body }));
  const head = { model: 'm', stream: false };
  return {
    api: 'messages',
    path: '/messages',
    headers: [],
    raw: json,
    contentEncoding: undefined,
    json,
    head,
  };
}
const bodyOf = ({ json }: ApiRequest): JsonObject => objectIn(parseJson(json.toString()));
const faults = (body: JsonObject): readonly string[] =>
  faultsOfMessages(body, {
    thinksAdaptively: false,
    takesSystemTurns: false,
    isSigned: ({ signature }) => signature === 'signed',
  });
/** As it goes to LiteLLM, and to Claude itself. */
const throughLitellm = (body: JsonObject): JsonObject =>
  bodyOf(messagesClient.withoutSeals(requestOf(body), undefined));
const direct = (body: JsonObject): JsonObject => {
  const request = requestOf(body);
  return bodyOf(
    messagesClient.withoutSeals(messagesClient.asModelTakes?.(request, budgeted) ?? request, undefined),
  );
};

const begunElsewhere = [go, of(sealed, call('a')), ran('a')];

describe('[RT-4] a Claude that thinks within a budget, of which a client of its own API asks', () => {
  test.each([
    ['its first step', begunElsewhere],
    ['later steps', [...begunElsewhere, of(sealed, call('b')), ran('b')]],
    ['thoughts of its own behind it', [...begunElsewhere, of(signed, call('b')), ran('b')]],
    [
      'a turn of its own before it',
      [go, of(signed, call('z')), ran('z'), said('assistant', 'x'), ...begunElsewhere],
    ],
  ])('goes on without one in a loop that another model began: %s', (_what, messages) => {
    for (const send of [throughLitellm, direct]) {
      const body = send({ thinking: enabled, messages });
      expect(body['thinking']).toBeUndefined();
      expect(faults(body)).toEqual([]);
    }
  });

  test.each([
    ['behind the loop', [...begunElsewhere, said('assistant', 'Done.'), go]],
    [
      'in a loop of its own',
      [go, of(sealed, call('a')), ran('a'), said('assistant', 'x'), go, of(signed, call('b')), ran('b')],
    ],
  ])('thinks %s', (_what, messages) => {
    for (const send of [throughLitellm, direct]) {
      const body = send({ thinking: enabled, messages });
      expect(body['thinking']).toEqual(enabled);
      expect(faults(body)).toEqual([]);
    }
  });

  test.each([
    [{ thinking: { type: 'adaptive' } }],
    [{ thinking: { type: 'adaptive' }, output_config: { effort: 'high' } }],
    [{ output_config: { effort: 'high' } }],
  ])('gets no budget of ours in such a loop: %j', (asked) => {
    for (const messages of [begunElsewhere, [go, of(call('a')), ran('a')]]) {
      const body = direct({ ...asked, messages });
      expect(body['thinking'] === undefined && body['output_config'] === undefined).toBe(true);
      expect(faults(body)).toEqual([]);
    }
    const thought = [go, of(signed, call('a')), ran('a')];
    expect(direct({ ...asked, messages: thought })['thinking']).toMatchObject({ type: 'enabled' });
  });

  test('is sent the same bytes where it began the loop itself', () => {
    const request = requestOf({ thinking: enabled, messages: [go, of(signed, call('a')), ran('a')] });
    expect(messagesClient.withoutSeals(request, undefined)).toBe(request);
    expect(messagesClient.asModelTakes?.(request, budgeted)).toBe(request);
  });
});

test('[RT-4] what Claude thought in earlier turns stays while a loop runs that began without a thought', () => {
  const thought = {
    type: 'reasoning',
    encrypted_content: sealOriginal({ origin: 'anthropic', blocks: [signed] }),
  };
  const user = { role: 'user', content: 'go' };
  const called = (call_id: string): readonly JsonObject[] => [
    { type: 'function_call', call_id, name: 'f', arguments: '{}' },
    { type: 'function_call_output', call_id, output: 'ok' },
  ];
  const done = { role: 'assistant', content: 'Done.' };
  const first = [user, thought, ...called('a'), done, user];
  const inLoop = [...first, ...called('b')];
  const after = [...inLoop, done, user, thought, ...called('c')];
  const sides = { client: responsesClient, provider: messagesProvider };
  const [before, within, behind] = [first, inLoop, after].map((input) => {
    const { body } = translateRequest({ model: 'm', input, reasoning: { effort: 'high' } }, sides, budgeted);
    expect(faults(body)).toEqual([]);
    const texts = (body['messages'] as JsonObject[]).map((message) =>
      JSON.stringify(message).replaceAll(',"cache_control":{"type":"ephemeral"}', ''),
    );
    return { thinking: body['thinking'], texts };
  });
  expect([before, within, behind].map((one) => one?.thinking !== undefined)).toEqual([true, false, true]);
  expect(within?.texts.slice(0, before?.texts.length)).toEqual(before?.texts);
  expect(behind?.texts.slice(0, within?.texts.length)).toEqual(within?.texts);
});
