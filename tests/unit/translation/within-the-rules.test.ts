import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { compactionClient } from '../../../middleware/protocol/apis/responses/translation/compaction-client.ts';
import { objectIn, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import type { ModelTraits } from '../../../middleware/protocol/translation/model-traits.ts';
import { sealOriginal } from '../../../middleware/protocol/translation/original.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { holds } from '../../support/fuzz.ts';
import { faultsOfChat } from '../../support/strict/chat-rules.ts';
import { responsesBodies } from '../../support/strict/made-up-conversation.ts';
import { faultsOfMessages } from '../../support/strict/messages-rules.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';

const client = responsesClient;

describe('[RT-4] whatever a client of the Responses API sends, its provider takes', () => {
  test.each([
    ['Claude that thinks as long as it wants', claude({ thinksAdaptively: true })],
    ['Claude that thinks within a budget', claude({ thinksAdaptively: false })],
    ['Claude that does not think', claude({ reasons: false })],
    ['Claude without pictures and schemas', claude({ takesImages: false, takesSchema: false })],
  ] satisfies [string, ModelTraits][])('%s', async (_name, traits) => {
    const { thinksAdaptively } = traits;
    const isSigned = (block: object): boolean => 'signature' in block && block.signature === 'signed';
    await holds(
      [responsesBodies],
      (sent) => {
        const { body } = translateRequest(sent, { client, provider: messagesProvider }, traits);
        expect(faultsOfMessages(body, { thinksAdaptively, takesSystemTurns: false, isSigned })).toEqual([]);
      },
      400,
    );
  });

  test.each([
    ['a provider of chats alone', plainChat({})],
    [
      'one that reasons, without pictures',
      plainChat({ reasons: true, takesImages: false, takesSchema: false }),
    ],
  ] satisfies [string, ModelTraits][])('%s', async (_name, traits) => {
    await holds(
      [responsesBodies],
      (sent) => {
        const { body } = translateRequest(sent, { client, provider: chatProvider }, traits);
        expect(faultsOfChat(body)).toEqual([]);
      },
      400,
    );
  });
});

test.each([
  ['Claude', messagesProvider, claude({ thinksAdaptively: false })],
  ['a provider of chats', chatProvider, plainChat({ reasons: true })],
] as const)(
  '[PX-6] whatever is to be summed up, %s takes, and calls no tool',
  async (_name, provider, traits) => {
    await holds([responsesBodies], (sent) => {
      const { body } = translateRequest(sent, { client: compactionClient, provider }, traits);
      const isSigned = (block: object): boolean => 'signature' in block && block.signature === 'signed';
      const faults =
        provider === chatProvider
          ? faultsOfChat(body)
          : faultsOfMessages(body, { thinksAdaptively: false, takesSystemTurns: false, isSigned });
      expect(faults).toEqual([]);
      expect(['none', undefined]).toContain(objectIn(body['tool_choice'])['type'] ?? body['tool_choice']);
      const messages = body['messages'] as readonly { readonly role: string }[];
      expect(messages.at(-1)?.role).toBe('user');
    });
  },
);

describe('[RT-4] a conversation that goes on begins with the same bytes', () => {
  test.each([
    ['Messages', messagesProvider, claude({}), 'messages'],
    ['Messages, within a budget', messagesProvider, claude({ thinksAdaptively: false }), 'messages'],
    ['Messages, without thinking', messagesProvider, claude({ reasons: false }), 'messages'],
    ['Chat Completions', chatProvider, plainChat({}), 'messages'],
    [
      'Chat Completions, of one that reasons',
      chatProvider,
      plainChat({ provider: 'deepseek', reasons: true, isDirect: true }),
      'messages',
    ],
    ['Responses', responsesProvider, openai({}), 'input'],
  ] as const)('%s', async (_name, provider, traits, key) => {
    await holds(
      [responsesBodies, responsesBodies, ends],
      (first, second, end) => {
        const now = { ...first, input: [...(first['input'] as unknown[]), ...end] };
        const later = {
          ...now,
          input: [...now.input, { role: 'assistant', content: 'done' }, ...inputOfOtherCalls(second), said],
        };
        const [before, after] = [now, later].map((sent) => {
          const { body } = translateRequest(sent, { client, provider }, traits);
          return (body[key] as object[]).map((message) => withoutMarks(JSON.stringify(message)));
        });
        // The last turn of the user may get more words behind it; what stands before it stays.
        const kept = before?.slice(0, -1) ?? [];
        expect(after?.slice(0, kept.length)).toEqual(kept);
      },
      300,
    );
  });
});

const said = { role: 'user', content: [{ type: 'input_text', text: 'and then' }] };

const called = (call_id: string): readonly JsonObject[] => [
  { type: 'function_call', call_id, name: 'exec_command', arguments: '{}' },
  { type: 'function_call_output', call_id, output: 'ok' },
];
const blocks = [{ type: 'thinking', thinking: 'hm', signature: 'signed' }];
const thought = { type: 'reasoning', encrypted_content: sealOriginal({ origin: 'anthropic', blocks }) };

/** A request ends with a word of the user's, or in the midst of a loop, which begins with a thought or without one. */
const ends = fc
  .tuple(fc.boolean(), fc.boolean(), fc.boolean())
  .map(([isThought, isLoop, isLoopThought]): readonly JsonObject[] => [
    ...(isThought ? [said, thought, ...called('before')] : []),
    said,
    ...(isLoop ? [...(isLoopThought ? [thought] : []), ...called('loop')] : []),
  ]);

function withoutMarks(json: string): string {
  return json.replaceAll(',"cache_control":{"type":"ephemeral"}', '');
}

/** A result that comes late belongs to its call all the same; here there is none such. */
function inputOfOtherCalls(sent: JsonObject): readonly unknown[] {
  return JSON.parse(JSON.stringify(sent['input']).replaceAll('"call_', '"later_')) as unknown[];
}

test('[RT-4] the rules of Claude take what its API takes of other clients', () => {
  const model = { thinksAdaptively: true, takesSystemTurns: false, isSigned: () => true };
  const tool = (name: string, more: JsonObject): JsonObject => ({
    name,
    input_schema: { type: 'object' },
    ...more,
  });
  const body = {
    ...{ model: 'claude-sonnet-5', max_tokens: 1024 },
    messages: [
      { role: 'user', content: 'hi' },
      { role: 'assistant', content: 'hello' },
      { role: 'user', content: 'go on' },
    ],
    tools: [tool('find', {}), tool('later', { defer_loading: true })],
    context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] },
  };
  expect(faultsOfMessages(body, model)).toEqual([]);
  const none = { ...body, messages: [{ role: 'user', content: '' }] };
  expect(faultsOfMessages(none, model)).toEqual(['messages.0: content must not be empty']);
  const deferred = { ...body, tools: [tool('later', { defer_loading: true })] };
  expect(faultsOfMessages(deferred, model)).toEqual(['At least one tool must have defer_loading=false.']);
});
