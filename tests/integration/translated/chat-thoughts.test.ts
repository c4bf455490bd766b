import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

function serves(name: string, model: string, params: object = {}): object {
  return { model_name: name, litellm_params: { model, ...params }, model_info: { mode: 'chat' } };
}

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.deploys([
    deployment('claude', 'anthropic'),
    deployment('gpt', 'openai'),
    deployment('gemini', 'gemini'),
    serves('deepseek', 'deepseek/deepseek-reasoner'),
    serves('cerebras', 'cerebras/gpt-oss-120b'),
    serves('mistral', 'mistral/magistral-medium'),
    serves('own', 'openai/deepseek-v4', { api_base: 'http://127.0.0.1:8000/v1' }),
    serves('proxied', 'litellm_proxy/anything'),
    ...['cerebras/gpt-oss-120b', 'deepseek/deepseek-reasoner'].map((model) => serves('mixed', model)),
    ...['deepseek/deepseek-reasoner', 'cerebras/gpt-oss-120b'].map((model) => serves('mixed-too', model)),
    serves('routed', 'openrouter/anthropic/claude-opus-4.5'),
    // Whose model that is, LiteLLM makes out of a list of its own.
    serves('unkn*', '*'),
  ]);
  middleware = await composeMiddleware(upstream.url, {
    OPENAI_API_BASE: `${upstream.url}/v1`,
    OPENAI_API_KEY: 'sk-openai-real',
  });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.forget();
  upstream.use(() => says('Done.'));
  middleware.setLitellm(upstream.url);
});

const user = { role: 'user', content: 'go' };
const call = { id: 'call_1', type: 'function', function: { name: 'list', arguments: '{}' } };
const result = { role: 'tool', tool_call_id: 'call_1', content: 'a.txt' };
const turn = { role: 'assistant', content: null, tool_calls: [call] };
const thoughts = {
  thinking_blocks: [
    { type: 'thinking', thinking: 'Hm.', signature: 'signed-by-claude' },
    { type: 'redacted_thinking', data: 'hidden' },
  ],
};
const claudes = { ...turn, reasoning_content: 'Hm.', ...thoughts };
const deepseeks = { ...turn, reasoning_content: 'Hm.' };
const geminis = {
  ...turn,
  ...{
    reasoning_content: 'Hm.',
    thinking_blocks: [{ type: 'thinking', thinking: 'Hm.', signature: 'gemini' }],
  },
  tool_calls: [{ ...call, provider_specific_fields: { thought_signature: 'gemini' } }],
};
const mistrals = {
  ...deepseeks,
  thinking_blocks: [{ type: 'thinking', thinking: 'Hm.', signature: 'mistral' }],
};

async function sentTo(model: string, said: object): Promise<unknown> {
  const messages = [user, said, result];
  await callRaw(middleware.port, {
    path: '/v1/chat/completions',
    body: JSON.stringify({ model, messages, reasoning_effort: 'high' }),
  });
  const sent = upstream.requests[0]?.json?.['messages'];
  return (sent as readonly unknown[])[1];
}

describe('[RT-4] what a chat client kept of another model', () => {
  test.each([
    ['Claude', 'gpt', claudes, turn],
    ['Claude', 'deepseek', claudes, turn],
    ['Claude', 'gemini', claudes, turn],
    ['Claude', 'mistral', claudes, turn],
    ['Claude', 'own', claudes, turn],
    ['DeepSeek', 'gpt', deepseeks, turn],
    ['DeepSeek', 'cerebras', deepseeks, turn],
    ['DeepSeek', 'mixed', deepseeks, turn],
    ['DeepSeek', 'mixed-too', deepseeks, turn],
    ['Claude', 'mixed', claudes, turn],
  ])('of %s does not go to %s', async (_from, to, said, expected) => {
    expect(await sentTo(to, said)).toEqual(expected);
  });

  test.each([
    ['Claude', 'proxied', claudes],
    ['Claude', 'routed', claudes],
    ['Claude', 'unknown', claudes],
    ['DeepSeek', 'deepseek', deepseeks],
    ['DeepSeek', 'own', deepseeks],
    ['Gemini', 'gemini', geminis],
    ['Mistral', 'mistral', mistrals],
  ])('of %s goes back to %s', async (_from, to, said) => {
    expect(await sentTo(to, said)).toEqual(said);
  });

  test('of Claude goes back to it in its own form, and of others it gets none', async () => {
    expect(JSON.stringify(await sentTo('claude', claudes))).toContain('signed-by-claude');
    for (const said of [geminis, mistrals, deepseeks]) {
      upstream.forget();
      expect(JSON.stringify(await sentTo('claude', said))).not.toContain('thinking');
    }
  });

  test('does not go to a provider that is called without LiteLLM', async () => {
    middleware.setLitellm(undefined);
    expect(await sentTo('gpt-5', claudes)).toEqual(turn);
  });

  test('leaves no message in which nothing is said', async () => {
    expect(await sentTo('gpt', { role: 'assistant', content: null, ...thoughts })).toEqual(result);
  });

  test('is found byte for byte where nothing is left out', async () => {
    const body = `{ "model":"gpt",  "messages": [ {"role":"user","content":"thinking_blocks \\u0041"} ] }`;
    await callRaw(middleware.port, { path: '/v1/chat/completions', body });
    expect(upstream.requests[0]?.raw.toString()).toBe(body);
  });
});
