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
  ['stop', 'calls'],
  ['eos', 'calls'],
])('[RT-4] what providers of chats call the end otherwise is understood: %s', (reason, meant) => {
  const events = read(chatProvider, [{ id: 'c', choices: [chatChoice(reason)] }]);
  expect(events.at(-1)).toMatchObject({ kind: 'end', reason: meant });
});
