import { expect, test } from '@jest/globals';
import { chatProvider } from '../../../middleware/protocol/apis/chat/translation/provider.ts';
import { objectsIn, readEvent } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import type { CallKind } from '../../../middleware/protocol/translation/model-request.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { plainChat } from '../../support/strict/models.ts';

test('[RT-4] a call that failed without a word is told of as one that failed', () => {
  const messages = [
    { role: 'user', content: 'go' },
    { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'read', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', is_error: true }] },
  ];
  const sides = { client: messagesClient, provider: chatProvider };
  const { body } = translateRequest({ model: 'm', max_tokens: 9, messages }, sides, plainChat({}));
  expect(objectsIn(body['messages']).at(-1)).toMatchObject({ role: 'tool', content: 'The call failed.' });
});

test('[RT-4] how closely to look at a picture goes on to a chat API', () => {
  const picture = { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'high' };
  const input = [{ role: 'user', content: [picture] }];
  const sides = { client: responsesClient, provider: chatProvider };
  const { body } = translateRequest({ model: 'm', input }, sides, plainChat({}));
  const parts = objectsIn(body['messages']).flatMap(({ content }) => objectsIn(content));
  expect(parts).toMatchObject([{ image_url: { url: picture.image_url, detail: 'high' } }]);
});

test.each([
  ['function', 'fc_'],
  ['custom', 'ctc_'],
  ['search', 'tsc_'],
  ['local_shell', 'lsc_'],
] satisfies [CallKind, string][])(
  '[RT-4] the id of an item of a %s call begins with %s',
  (callKind, prefix) => {
    const writer = responsesClient.openWriter(responsesClient.readRequest({ model: 'm', input: 'go' }), 0);
    const begin = { kind: 'call-begin', callKind, callId: 'c', namespace: undefined, name: 'n' } as const;
    const items = writer.write(begin).map((frame) => readEvent(frame)?.['item']);
    expect(items).toContainEqual(expect.objectContaining({ id: expect.stringContaining(prefix) }));
  },
);
