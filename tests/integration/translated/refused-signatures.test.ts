import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sealOriginal } from '../../../middleware/protocol/translation/original.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says, status } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.deploys([deployment('gemini', 'gemini'), deployment('claude', 'anthropic')]);
  middleware = await composeMiddleware(upstream.url, {});
  middleware.setLitellm(upstream.url);
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.forget();
});

const googles = `litellm.BadRequestError: GeminiException BadRequestError - {"error":{"code":400,"message":"Corrupted thought signature.","status":"INVALID_ARGUMENT"}}`;
const anthropics =
  'messages.1.content.0: `thinking` or `redacted_thinking` blocks in the latest assistant message cannot be modified. These blocks must remain as they were in the original response.';
const thought = { type: 'thinking', thinking: 'Hm.', signature: 'c2lnbmVk' };
const call = { type: 'function', function: { name: 'f', arguments: '{}' } };
const user = { role: 'user', content: 'and now?' };

function sealed(model: string): object {
  const original =
    model === 'claude'
      ? ({ origin: 'anthropic', blocks: [thought] } as const)
      : ({
          origin: 'openai-compatible',
          provider: 'gemini',
          blocks: [
            { message: { provider_specific_fields: { thought_signatures: ['c2lnbmVk'] } }, calls: {} },
          ],
        } as const);
  return { type: 'reasoning', summary: [], encrypted_content: sealOriginal(original) };
}

const said = { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'It is.' }] };

/** Whether each call that the provider got has the signature in it. */
async function signedCalls(path: string, body: object, words: string): Promise<readonly boolean[]> {
  const error = status(400, { error: { message: words, type: 'invalid_request_error' } });
  upstream.use((_seen, index) => (index === 0 ? error : says('Done.')));
  const answer = await callRaw(middleware.port, { path, body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
  return upstream.requests.map(({ json }) => JSON.stringify(json).includes('c2lnbmVk'));
}

describe('[RT-5] a signature of a thought that its provider refuses', () => {
  test.each([
    ['gemini', googles],
    ['claude', anthropics],
    ['claude', 'messages.1.content.0.thinking.signature: Field required'],
  ])('is left out once where the call was translated: %s, %s', async (model, words) => {
    const reasoning = { effort: 'high' };
    const body = { model, reasoning, input: [user, sealed(model), said, user] };
    expect(await signedCalls('/v1/responses', body, words)).toEqual([true, false]);
  });

  test('is left out once of a conversation in the API of Gemini itself, wherever it stands in it', async () => {
    const fields = { thought_signature: 'c2lnbmVk' };
    const messages = [
      user,
      { role: 'assistant', content: 'a', provider_specific_fields: { thought_signatures: ['c2lnbmVk'] } },
      user,
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { ...call, id: 'call_1__thought__c2lnbmVk', provider_specific_fields: fields },
          { ...call, id: 'call_2', extra_content: { google: fields } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1__thought__c2lnbmVk', content: 'x' },
      { role: 'tool', tool_call_id: 'call_2', content: 'y' },
    ];
    expect(await signedCalls('/v1/chat/completions', { model: 'gemini', messages }, googles)).toEqual([
      true,
      false,
    ]);
    expect(upstream.requests[1]?.json?.['messages']).toEqual([
      user,
      { role: 'assistant', content: 'a' },
      user,
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { ...call, id: 'call_1' },
          { ...call, id: 'call_2' },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'x' },
      { role: 'tool', tool_call_id: 'call_2', content: 'y' },
    ]);
  });

  test.each(['the latest assistant message', 'messages.1.content.0.thinking.signature: Field required'])(
    'is left out once for a client of the Messages API: %s',
    async (words) => {
      const told = words.startsWith('the') ? anthropics : words;
      const content = [thought, { type: 'text', text: 'It is.' }];
      const messages = [user, { role: 'assistant', content }, user];
      const body = { model: 'claude', max_tokens: 10, messages };
      expect(await signedCalls('/v1/messages', body, told)).toEqual([true, false]);
    },
  );
});
