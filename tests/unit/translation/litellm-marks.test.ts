import { expect, test } from '@jest/globals';
import { objectsIn } from '../../../middleware/protocol/apis/common/read-event.ts';
import { messagesClient } from '../../../middleware/protocol/apis/messages/translation/client.ts';
import { responsesProvider } from '../../../middleware/protocol/apis/responses/translation/provider.ts';
import { sealOriginal } from '../../../middleware/protocol/translation/original.ts';
import { translateRequest } from '../../../middleware/protocol/translation/translate-request.ts';
import { plainChat } from '../../support/strict/models.ts';

const marked = `litellm_enc:${Buffer.from('model_id:abc').toString('base64')};gAAAAown`;

test.each([
  ['OpenAI itself', true, 'gAAAAown'],
  ['LiteLLM, which looks for it', false, marked],
])('[RT-5] what LiteLLM marked goes back to %s', (_name, isDirect, expected) => {
  const blocks = [{ encrypted_content: marked }];
  const signature = sealOriginal({ origin: 'openai', provider: 'openai', blocks });
  const content = [
    { type: 'thinking', thinking: 'Hm.', signature },
    { type: 'text', text: 'It is.' },
  ];
  const messages = [
    { role: 'user', content: 'is it?' },
    { role: 'assistant', content },
    { role: 'user', content: 'and now?' },
  ];
  const { body } = translateRequest(
    { model: 'm', max_tokens: 99, messages },
    { client: messagesClient, provider: responsesProvider },
    plainChat({ provider: 'openai', reasons: true, isDirect }),
  );
  const reasoning = objectsIn(body['input']).find(({ type }) => type === 'reasoning');
  expect(reasoning?.['encrypted_content']).toBe(expected);
});
