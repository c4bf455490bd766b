import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { eventFrame, objectAt, objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import type { AnswerEvent } from '../../../middleware/protocol/translation/answer-event.ts';
import { sealOriginal } from '../../../middleware/protocol/translation/original.ts';
import { ToolNames } from '../../../middleware/protocol/translation/tool-names.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { says } from '../../support/strict/asked-of-claude.ts';
import { plainChat } from '../../support/strict/models.ts';

const thinking = (text: string, signature: string): JsonObject => ({
  type: 'thinking',
  thinking: text,
  signature,
});
const redacted = { type: 'redacted_thinking', data: 'locked' };
const detail = { type: 'reasoning.text', format: 'anthropic-claude-v1', index: 0 };
const locked = { type: 'reasoning.encrypted', data: 'locked', format: 'anthropic-claude-v1', index: 1 };
const called = { id: 'call_1', type: 'function', function: { name: 'look', arguments: '{}' } };

/** As LiteLLM 1.109 gives them, in pieces and whole, and as they go back. */
const gateways = [
  {
    provider: 'litellm_proxy',
    pieces: [
      { reasoning_content: 'Let me ', thinking_blocks: [{ ...thinking('Let me ', ''), index: 0 }] },
      { reasoning_content: 'see.', thinking_blocks: [{ type: 'thinking', thinking: 'see.', index: 0 }] },
      { reasoning_content: '', thinking_blocks: [thinking('', 'first')] },
      { provider_specific_fields: { thinking_blocks: [redacted] } },
      { reasoning_content: 'So.', thinking_blocks: [thinking('So.', '')] },
      { reasoning_content: '', thinking_blocks: [thinking('', 'second')] },
    ],
    whole: { thinking_blocks: [thinking('Let me see.', 'first'), redacted, thinking('So.', 'second')] },
    back: { thinking_blocks: [thinking('Let me see.', 'first'), redacted, thinking('So.', 'second')] },
  },
  {
    provider: 'openrouter',
    pieces: [
      { reasoning_content: 'Let me ', reasoning_details: [{ ...detail, text: 'Let me ', signature: null }] },
      { reasoning_content: 'see.', reasoning_details: [{ ...detail, text: 'see.' }] },
      { reasoning_content: '', reasoning_details: [{ ...detail, text: null, signature: 'first' }, locked] },
    ],
    whole: {
      provider_specific_fields: {
        reasoning_details: [{ ...detail, text: 'Let me see.', signature: 'first' }, locked],
      },
    },
    back: {
      reasoning_content: 'Let me see.',
      reasoning_details: [{ ...detail, text: 'Let me see.', signature: 'first' }, locked],
    },
  },
] as const;

const chunk = (delta: JsonObject, finish_reason: string | null = null): JsonObject => ({
  choices: [{ index: 0, delta, finish_reason }],
});

function streamed(pieces: readonly JsonObject[], provider: string): readonly AnswerEvent[] {
  const reader = chatProvider.openReader(new ToolNames([]), plainChat({ provider }));
  const deltas = [...pieces, { content: 'Now.' }, { tool_calls: [{ ...called, index: 0 }] }];
  return [...deltas.map((delta) => chunk(delta)), chunk({}, 'tool_calls')]
    .flatMap((each) => reader.read(eventFrame(each)))
    .concat(reader.finish());
}

function cameWhole(own: JsonObject, provider: string): readonly AnswerEvent[] {
  const message = { content: 'Now.', reasoning_content: 'Let me see.', ...own, tool_calls: [called] };
  const answer = { choices: [{ index: 0, message, finish_reason: 'tool_calls' }] };
  return chatProvider.readAnswer(answer, new ToolNames([]), plainChat({ provider }));
}

const clients = {
  responses: {
    client: responsesClient,
    goneOn: (answer: JsonObject): JsonObject => ({
      input: [
        says('go'),
        ...objectsIn(answer['output']),
        { type: 'function_call_output', call_id: 'call_1', output: 'done' },
      ],
    }),
  },
  messages: {
    client: messagesClient,
    goneOn: ({ content }: JsonObject): JsonObject => ({
      max_tokens: 9,
      messages: [
        says('go'),
        { role: 'assistant', content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1', content: 'done' }] },
      ],
    }),
  },
} as const;

function backTo(provider: string, events: readonly AnswerEvent[], of: keyof typeof clients): JsonObject {
  const { client, goneOn } = clients[of];
  const { request } = translateRequest(
    { model: 'm', input: 'go', max_tokens: 9, messages: [says('go')] },
    { client, provider: chatProvider },
    plainChat({ provider }),
  );
  const body = { model: 'm', ...goneOn(client.writeAnswer(events, request, 0)) };
  const sent = translateRequest(body, { client, provider: chatProvider }, plainChat({ provider })).body;
  const { role, content, tool_calls, ...rest } =
    objectsIn(sent['messages']).find((message) => message['role'] === 'assistant') ?? {};
  expect([role, content, objectsIn(tool_calls).map((call) => objectAt(call, 'function')['name'])]).toEqual([
    'assistant',
    'Now.',
    ['look'],
  ]);
  return rest;
}

describe.each(['responses', 'messages'] as const)('[RT-4] to a client of %s', (of) => {
  test.each(gateways)(
    'what Claude signed goes back to $provider, in pieces and whole',
    ({ provider, pieces, whole, back }) => {
      expect(backTo(provider, streamed(pieces, provider), of)).toEqual(back);
      expect(backTo(provider, cameWhole(whole, provider), of)).toEqual(back);
    },
  );

  test('and to no other provider', () => {
    for (const { provider, pieces } of gateways)
      expect(JSON.stringify(backTo('groq', streamed(pieces, provider), of))).not.toMatch(/first|locked/);
  });
});

test('[RT-4] what LiteLLM makes of thoughts of Gemini and Mistral goes back in its own way alone', () => {
  const own = { thinking_blocks: [thinking('Hm.', 'mistral')] };
  expect(backTo('mistral', cameWhole(own, 'mistral'), 'responses')).toEqual({});
});

test('[RT-4] nothing but signed thoughts comes out of a seal that somebody else wrote', () => {
  const message = {
    thinking_blocks: [{ type: 'text', text: 'x' }, { ...thinking('hm', 's'), cache_control: {} }, 5],
    reasoning_details: [
      { type: 'text', text: 'x' },
      { ...detail, text: 'hm', data: {}, more: 1 },
    ],
  };
  const blocks = [{ message, calls: {} }];
  const original = { origin: 'openai-compatible', provider: 'litellm_proxy', blocks } as const;
  const input = [
    says('go'),
    { type: 'reasoning', summary: [], encrypted_content: sealOriginal(original) },
    says('Now.', 'assistant'),
    says('on'),
  ];
  const sides = { client: responsesClient, provider: chatProvider };
  const { body } = translateRequest({ model: 'm', input }, sides, plainChat({ provider: 'litellm_proxy' }));
  expect(objectsIn(body['messages'])[1]).toEqual({
    ...says('Now.', 'assistant'),
    thinking_blocks: [thinking('hm', 's')],
    reasoning_details: [{ ...detail, text: 'hm' }],
  });
});

test('[RT-4] a gateway that says what Claude says of a signature is asked once more without', () => {
  const words = 'messages.1.content.0: Invalid `signature` in `thinking` block';
  expect(chatProvider.blobs?.unreadable.test(words)).toBe(true);
});
