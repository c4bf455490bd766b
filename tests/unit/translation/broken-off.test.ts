import { expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { frameBytes, parseFrame } from '../../../middleware/protocol/sse/sse-frame.ts';
import type { AnswerEvent } from '../../../middleware/protocol/translation/answer-event.ts';
import { ToolNames } from '../../../middleware/protocol/translation/tool-names.ts';
import type { ProviderTranslation } from '../../../middleware/protocol/translation/translation-codec.ts';
import { claude, plainChat } from '../../support/strict/models.ts';

const names = new ToolNames([]);

function chatChoice(reason: string): JsonObject {
  const call = { index: 0, id: 'c', function: { name: 'rm', arguments: '{"path":"x"}' } };
  return { index: 0, finish_reason: reason, delta: { content: 'Half a', tool_calls: [call] } };
}

function read(provider: ProviderTranslation, events: readonly JsonObject[]): readonly AnswerEvent[] {
  const reader = provider.openReader(names, provider === chatProvider ? plainChat({}) : claude({}));
  const read = events.flatMap((event) => reader.read(parseFrame(frameBytes(JSON.stringify(event)))));
  return [...read, ...reader.finish()];
}

test.each(['error', 'abort', 'network_error', 'insufficient_system_resource'])(
  '[RT-4] an answer that a provider ends with "%s" is a failure, and its calls are not whole',
  (reason) => {
    const chat = read(chatProvider, [{ id: 'c', choices: [chatChoice(reason)] }]);
    const { delta, ...choice } = chatChoice(reason);
    const whole = chatProvider.readAnswer({ choices: [{ ...choice, message: delta }] }, names, plainChat({}));
    const messages = read(messagesProvider, [
      { type: 'message_start', message: { id: 'm' } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'Half a' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: reason } },
      { type: 'message_stop' },
    ]);
    for (const events of [chat, whole, messages]) {
      const kinds = events.map(({ kind }) => kind);
      expect(kinds.at(-1)).toBe('failed');
      expect(kinds).not.toContain('call-end');
      expect(kinds).not.toContain('end');
    }
  },
);

test.each([
  ['MAX_TOKENS', 'limit'],
  ['model_context_window_exceeded', 'limit'],
  ['sensitive', 'filtered'],
  ['RECITATION', 'filtered'],
  ['stop', 'calls'],
  ['eos', 'calls'],
  ['COMPLETE', 'calls'],
  ['TOOL_CALL', 'calls'],
  ['function_calls', 'calls'],
])('[RT-4] what providers of chats call the end otherwise is understood: %s', (reason, meant) => {
  const events = read(chatProvider, [{ id: 'c', choices: [chatChoice(reason)] }]);
  expect(events.at(-1)).toMatchObject({ kind: 'end', reason: meant });
});

/** An answer that LiteLLM took over, with the provider's own word beside the one that it made of it. */
function taken(native: string, reason: string): readonly AnswerEvent[] {
  const { delta } = chatChoice(reason);
  const choice = {
    ...{ index: 0, finish_reason: reason, message: delta },
    provider_specific_fields: { native_finish_reason: native },
  };
  return chatProvider.readAnswer({ choices: [choice] }, names, plainChat({}));
}

test.each([
  ['error', 'stop', { kind: 'failed' }],
  ['network_error', 'stop', { kind: 'failed' }],
  ['MALFORMED_FUNCTION_CALL', 'stop', { kind: 'end', reason: 'unknown', told: 'MALFORMED_FUNCTION_CALL' }],
  ['NEXT_YEARS', 'length', { kind: 'end', reason: 'unknown', told: 'NEXT_YEARS' }],
  ['MAX_TOKENS', 'length', { kind: 'end', reason: 'limit' }],
  ['STOP', 'tool_calls', { kind: 'end', reason: 'calls' }],
  ['OTHER', 'content_filter', { kind: 'end', reason: 'filtered' }],
])('[RT-4] the own word of a provider counts where LiteLLM made another of it: %s', (native, reason, end) => {
  expect(taken(native, reason).at(-1)).toMatchObject(end);
});

test('[RT-4] so it does within the delta of a stream', () => {
  const delta = { provider_specific_fields: { native_finish_reason: 'next_years' } };
  const chunks = [{ choices: [chatChoice('')] }, { choices: [{ delta, finish_reason: 'length' }] }];
  const end = { kind: 'end', reason: 'unknown', told: 'next_years' };
  expect(read(chatProvider, chunks).at(-1)).toMatchObject(end);
});

test.each([
  [['length', 'stop'], { kind: 'end', reason: 'limit' }],
  [['error', 'stop'], { kind: 'failed' }],
  [['stop', 'tool_calls'], { kind: 'end', reason: 'calls' }],
])('[RT-4] of an end that is told twice the worse one counts: %j', (reasons, end) => {
  const chunks = reasons.map((reason) => ({ choices: [{ delta: {}, finish_reason: reason }] }));
  expect(read(chatProvider, [{ choices: [chatChoice('')] }, ...chunks]).at(-1)).toMatchObject(end);
  const deltas = ['', ...reasons].map((reason) => ({
    ...{ type: 'message_delta', delta: { stop_reason: reason === '' ? null : reason } },
  }));
  const answered = read(messagesProvider, [...claudeCall, ...deltas, { type: 'message_stop' }]);
  expect(answered.at(-1)).toMatchObject(end);
});

const claudeCall: readonly JsonObject[] = [
  { type: 'message_start', message: { id: 'm' } },
  {
    type: 'content_block_start',
    index: 0,
    content_block: { type: 'tool_use', id: 't', name: 'rm', input: {} },
  },
  { type: 'content_block_stop', index: 0 },
];

test('[RT-4] a stream of Claude that does not say why it ended is a failure, and its call not whole', () => {
  for (const end of [[], [{ type: 'message_delta', delta: { stop_reason: null } }]]) {
    const events = read(messagesProvider, [...claudeCall, ...end, { type: 'message_stop' }]);
    expect(events.at(-1)).toMatchObject({ kind: 'failed' });
    expect(events.map(({ kind }) => kind)).not.toContain('call-end');
  }
});

test('[RT-4] a text whose block has no end is said all the same', () => {
  const events = read(messagesProvider, [
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: 'Hi' } },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
    { type: 'message_stop' },
  ]);
  expect(events.map(({ kind }) => kind)).toEqual(['text', 'text-end', 'end']);
});

test('[RT-4] what a provider says beside a choice is why its answer failed', () => {
  const error = { code: 429, message: 'Slow down. Please try again in 7s.' };
  const failure = { kind: 'rate-limit', message: error.message, retryAfterSeconds: 7 };
  const end = { index: 0, finish_reason: 'error' };
  for (const told of [{ error }, { provider_specific_fields: { error } }]) {
    const streamed = read(chatProvider, [{ id: 'c', choices: [{ ...end, delta: {}, ...told }] }]);
    const answer = { choices: [{ ...end, message: { content: 'Half a' }, ...told }] };
    const whole = chatProvider.readAnswer(answer, names, plainChat({}));
    for (const events of [streamed, whole]) expect(events.at(-1)).toMatchObject({ kind: 'failed', failure });
  }
});
