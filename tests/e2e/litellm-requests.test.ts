import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startAnsweredTiers, type AnsweredTiers } from '../support/strict/answered-tiers.ts';

const twoMinutes = 120_000;
const chats = '/v1/chat/completions';
let tiers: AnsweredTiers;

beforeAll(async () => {
  // What is no fault of a model's would have LiteLLM leave it alone.
  tiers = await startAnsweredTiers('router_settings: { disable_cooldowns: true }\n');
  const candidate = { content: { role: 'model', parts: [{ text: 'good' }] }, finishReason: 'STOP' };
  const usageMetadata = { promptTokenCount: 1, candidatesTokenCount: 1, totalTokenCount: 2 };
  const answer = JSON.stringify({ candidates: [candidate], usageMetadata });
  tiers.provider.answer((res) => res.setHeader('content-type', 'application/json').end(answer));
}, twoMinutes);

afterAll(() => tiers.close(), twoMinutes);

async function told(path: string, body: object): Promise<{ status: number; error: unknown; text: string }> {
  const answer = await fetch(tiers.middleware.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, error: (JSON.parse(text) as { error?: unknown }).error, text };
}

const user = { role: 'user', content: 'go' };
const models = ['gemini', 'deepseek', 'chat', 'grok', 'openai'];
const broken: readonly (readonly [what: string, param: string, messages: unknown])[] = [
  ['no list', 'messages', 'hi'],
  ['nothing', 'messages', undefined],
  ['an empty list', 'messages', []],
  ['a text', 'messages[0]', ['hi']],
  ['a content that is none', 'messages[0].content', [{ role: 'user', content: 5 }]],
  ['a picture without one', 'messages[0].content[0]', [{ role: 'user', content: [{ type: 'image_url' }] }]],
];
const ofGemini: typeof broken = [
  ['a role that nobody has', 'messages[0].role', [{ role: 'weird', content: 'x' }]],
  ['a lost result', 'messages[1].tool_call_id', [user, { role: 'tool', tool_call_id: 'c9', content: 'r' }]],
];

describe('[RT-4] a request that LiteLLM can make nothing of', () => {
  const cases = [
    ...broken.flatMap((each) => models.map((model) => [model, ...each] as const)),
    ...ofGemini.map((each) => ['gemini', ...each] as const),
  ];
  test.each(cases)('is a fault of the client: %s, %s (%s)', async (model, _what, param, messages) => {
    const before = tiers.provider.calls.length;
    const { status, error, text } = await told(chats, { model, messages });
    if (status === 400 && param === 'messages[0].content[0]' && model === 'gemini')
      expect(error).toMatchObject({ code: 'invalid_body' });
    else expect([status, error]).toEqual([400, expect.objectContaining({ code: 'invalid_body', param })]);
    expect(text).not.toMatch(/Traceback|litellm|has no attribute|File an issue/i);
    expect(tiers.provider.calls).toHaveLength(before);
  });

  test.each(['gemini', 'chat'])('so is a part that nobody has: %s', async (model) => {
    const messages = [{ role: 'user', content: [{ type: 'weird' }] }];
    const { status, error } = await told(chats, { model, messages });
    expect([status, error]).toEqual([400, expect.objectContaining({ code: 'invalid_body' })]);
  });

  test.each([5, undefined])('so is an input that is none: %s', async (input) => {
    const { status, error } = await told('/v1/responses', { model: 'openai', input });
    const named = { code: 'invalid_body', param: 'input' };
    expect([status, error]).toEqual([400, expect.objectContaining(named)]);
  });

  test.each(['gemini', 'chat', 'openai'])('so are messages in which there is none: %s', async (model) => {
    const before = tiers.provider.calls.length;
    const { status, error } = await told('/v1/messages', { model, max_tokens: 5, messages: [] });
    const message = '`messages` is empty: send one message at least';
    expect([status, error]).toEqual([400, expect.objectContaining({ message })]);
    expect(tiers.provider.calls).toHaveLength(before);
  });
});

test('[RT-4] arguments that are no JSON go to Gemini as an object', async () => {
  const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: 'not json' } };
  const messages = [
    user,
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: 'c1', content: 'r' },
  ];
  const { status } = await told(chats, { model: 'gemini', messages });
  expect(status).toBe(200);
  expect(tiers.provider.calls.at(-1)?.body.toString()).toContain('"args":{"input":"not json"}');
});
