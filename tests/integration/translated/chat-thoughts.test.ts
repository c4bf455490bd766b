import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { atOpenai, deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says, status } from '../../support/fake-upstream/step.ts';
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
    deployment('gpt', 'openai', atOpenai),
    deployment('gemini', 'gemini'),
    serves('deepseek', 'deepseek/deepseek-reasoner'),
    serves('cerebras', 'cerebras/gpt-oss-120b'),
    serves('mistral', 'mistral/magistral-medium'),
    serves('own', 'openai/deepseek-v4', { api_base: 'http://127.0.0.1:8000/v1' }),
    ...['own-1', 'own-2', 'own-3', 'own-4'].map((name) =>
      serves(name, 'openai/deepseek-v4', { api_base: 'http://127.0.0.1:8000/v1' }),
    ),
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

/** An answer as the real LiteLLM gives it to clients: of Gemini, with all that LiteLLM adds. */
const signedId = `call_1__thought__${'s'.repeat(200)}`;
const added = {
  ...{ images: [], annotations: [], extra_content: { google: { thought_signature: 's' } } },
  ...{ thinking_blocks: geminis.thinking_blocks, provider_specific_fields: { thought_signatures: ['s'] } },
};
const asLitellmGives = {
  ...{ ...turn, ...added, reasoning_content: 'Hm.' },
  tool_calls: [
    { ...call, id: signedId, index: 0, provider_specific_fields: { thought_signature: 's' } },
    { ...call, id: 'call_2', index: 1 },
  ],
};

interface SentMessage {
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly { readonly id: string }[];
}

async function sentTo(model: string, said: object): Promise<unknown> {
  return (await sentAllTo(model, [user, said, result]))[1];
}

async function sentAllTo(model: string, messages: readonly object[]): Promise<readonly unknown[]> {
  await callRaw(middleware.port, {
    path: '/v1/chat/completions',
    body: JSON.stringify({ model, messages, reasoning_effort: 'high' }),
  });
  const sent = upstream.requests[0]?.json?.['messages'];
  return sent as readonly unknown[];
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

  test.each([
    ['gpt', {}],
    ['cerebras', {}],
    ['mixed', {}],
    ['deepseek', { reasoning_content: 'Hm.' }],
    ['own', { reasoning_content: 'Hm.' }],
    ['mistral', { reasoning_content: 'Hm.', thinking_blocks: geminis.thinking_blocks }],
  ])('goes to %s without what LiteLLM added to it, nor with signatures in ids', async (to, kept) => {
    const results = [signedId, 'call_2'].map((id) => ({ ...result, tool_call_id: id }));
    const messages = await sentAllTo(to, [user, asLitellmGives, ...results]);
    const [, said, first, second] = messages as readonly SentMessage[];
    const taken = said?.tool_calls?.[0]?.id;
    expect(taken).toMatch(/^[\w-]{1,40}$/);
    expect(said).toEqual({
      ...turn,
      ...kept,
      tool_calls: [
        { ...call, id: taken },
        { ...call, id: 'call_2' },
      ],
    });
    expect([first?.tool_call_id, second?.tool_call_id]).toEqual([taken, 'call_2']);
  });

  test.each(['gemini', 'proxied', 'routed', 'unknown'])('goes to %s with all of it', async (to) => {
    expect(await sentTo(to, asLitellmGives)).toEqual(asLitellmGives);
  });

  const nulls = { refusal: null, audio: null, function_call: null };

  test.each(['deepseek', 'own', 'cerebras', 'mistral', 'mixed'])(
    'goes to %s without members that OpenAI alone knows and that say nothing',
    async (to) => {
      expect(await sentTo(to, { ...turn, ...nulls, annotations: [] })).toEqual(turn);
      upstream.forget();
      const refused = { ...turn, refusal: 'No.', audio: null };
      expect(await sentTo(to, refused)).toEqual({ ...turn, refusal: 'No.' });
    },
  );

  test('keeps the bytes of such members on the way to OpenAI', async () => {
    const said = JSON.stringify({ ...nulls, ...turn }, null, 1);
    const body = `{"model":"gpt","messages":[{"role":"user","content":"go"},${said},${JSON.stringify(result)}]}`;
    await callRaw(middleware.port, { path: '/v1/chat/completions', body });
    expect(upstream.requests[0]?.raw.toString()).toBe(body);
  });

  test('keeps reasoning that LiteLLM has in its own member alone, for who wants it back', async () => {
    const said = { ...turn, provider_specific_fields: { reasoning_content: 'Hm.' } };
    expect(await sentTo('deepseek', said)).toEqual(deepseeks);
    upstream.forget();
    expect(await sentTo('gpt', said)).toEqual(turn);
  });

  test('leaves no message in which nothing is said', async () => {
    expect(await sentTo('gpt', { role: 'assistant', content: null, ...thoughts })).toEqual(result);
  });

  test.each([
    ['own-1', 400, { error: { message: "property 'reasoning_content' is unsupported" } }],
    [
      'own-2',
      400,
      { error: { message: "Additional properties are not allowed ('reasoning_content' was unexpected)" } },
    ],
    [
      'own-3',
      422,
      { detail: [{ type: 'extra_forbidden', loc: ['body', 'messages', 1, 'reasoning_content'] }] },
    ],
  ])(
    'goes once more without reasoning to a server that refuses it, and without at once from then on: %s %s %j',
    async (own, code, error) => {
      upstream.use(({ raw }) => (raw.includes('reasoning_content') ? status(code, error) : says('Done.')));
      expect(await sentTo(own, deepseeks)).toEqual(deepseeks);
      await sentTo(own, deepseeks);
      await sentTo('own', claudes);
      const sent = upstream.requests.map(({ json }) => (json?.['messages'] as unknown[])[1]);
      expect(sent).toEqual([deepseeks, turn, turn, turn]);
    },
  );

  test('has arguments that are no JSON as objects, at once from the second call on, for a Gemini that LiteLLM fails at', async () => {
    const message = 'litellm.BadRequestError: Unable to convert openai tool calls to gemini tool calls.';
    const isBroken = ({ raw }: { readonly raw: Buffer }): boolean => raw.includes('"arguments":"{broken"');
    upstream.use((seen) => (isBroken(seen) ? status(400, { error: { message } }) : says('Done.')));
    const broken = { ...call, function: { name: 'list', arguments: '{broken' } };
    for (let time = 0; time < 2; time += 1) await sentTo('gemini', { ...turn, tool_calls: [broken] });
    expect(upstream.requests.map(isBroken)).toEqual([true, false, false]);
  });

  test('goes with reasoning again where the call without it failed too', async () => {
    const message = 'reasoning_content is not allowed with this.';
    upstream.use(() => status(400, { error: { message } }));
    for (let time = 0; time < 2; time += 1) await sentTo('own-4', deepseeks);
    expect(upstream.requests.map(({ raw }) => raw.includes('reasoning_content'))).toEqual([
      ...[true, false],
      ...[true, false],
    ]);
  });

  test('goes once to a server that wants reasoning which is not there', async () => {
    const message = 'The `reasoning_content` in the thinking mode must be passed back to the API.';
    upstream.use(() => status(400, { error: { message } }));
    expect(await sentTo('own', deepseeks)).toEqual(deepseeks);
    expect(upstream.requests).toHaveLength(1);
  });

  test('is found byte for byte where nothing is left out', async () => {
    const body = `{ "model":"gpt",  "messages": [ {"role":"user","content":"thinking_blocks \\u0041"} ] }`;
    await callRaw(middleware.port, { path: '/v1/chat/completions', body });
    expect(upstream.requests[0]?.raw.toString()).toBe(body);
  });
});
