import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { chatClient } from '../../../middleware/protocol/apis/chat/translation/client.ts';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { messagesProvider } from '../../../middleware/protocol/apis/messages/translation/provider.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { claude, openai, plainChat } from '../../support/strict/models.ts';

const providers = [
  { provider: chatProvider, traits: plainChat({}) },
  { provider: messagesProvider, traits: claude({}) },
  { provider: responsesProvider, traits: openai({}) },
] as const;

const user = (content: unknown): readonly JsonObject[] => [{ role: 'user', content }];
const audio = { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } };
const unknown = { type: 'hologram', data: 'AAAA' };
const messages = (content: unknown): JsonObject => ({ model: 'm', max_tokens: 9, messages: user(content) });

describe('[RT-4] what a user gives and no other provider takes', () => {
  test.each([
    ['Responses', responsesClient, { model: 'm', input: user([audio]) }, 'input_audio'],
    ['Responses', responsesClient, { model: 'm', input: user([unknown]) }, 'hologram'],
    ['Chat Completions', chatClient, { model: 'm', messages: user([audio]) }, 'input_audio'],
    ['Messages', messagesClient, messages([unknown]), 'hologram'],
    ['Messages', messagesClient, messages([{ type: 'container_upload', file_id: 'f' }]), 'container_upload'],
    [
      'Responses, in what came of a call',
      responsesClient,
      {
        model: 'm',
        input: [
          ...user('go'),
          { type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' },
          { type: 'function_call_output', call_id: 'a', output: [unknown] },
        ],
      },
      'hologram',
    ],
  ])('is told of to the model, whatever its API: %s', (_name, client, body, type) => {
    for (const { provider, traits } of providers) {
      const written = JSON.stringify(translateRequest(body, { client, provider }, traits).body);
      expect(written).toContain(`[left out: the model takes no ${type}]`);
      expect(written).not.toContain('"Continue."');
    }
  });

  test('and an empty text stays nothing', () => {
    const empty = { type: 'text', text: '' };
    const written = translateRequest(
      messages([empty, { type: 'text', text: 'go' }]),
      { client: messagesClient, provider: chatProvider },
      plainChat({}),
    );
    expect(JSON.stringify(written.body)).not.toContain('left out');
  });
});
