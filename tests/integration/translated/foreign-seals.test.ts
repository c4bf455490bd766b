import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { sealOriginal, sealSummary } from '../../../middleware/protocol/translation/original.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says } from '../../support/fake-upstream/step.ts';
import { madeUpJwt } from '../../support/made-up-jwt.ts';
import { callRaw } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  const chat = {
    model_name: 'chat',
    litellm_params: { model: 'groq/gpt-oss' },
    model_info: { mode: 'chat' },
  };
  // Whose model that is, LiteLLM makes out of a list of its own.
  const any = { model_name: 'nobody*', litellm_params: { model: '*' }, model_info: {} };
  upstream.deploys([deployment('gpt', 'openai'), deployment('claude', 'anthropic'), chat, any]);
  middleware = await composeMiddleware(upstream.url, {
    ...{ OPENAI_API_BASE: `${upstream.url}/v1`, OPENAI_API_KEY: 'sk-openai-real' },
    ...{ ANTHROPIC_API_BASE: upstream.url, ANTHROPIC_API_KEY: 'sk-ant-real' },
    CODEX_PLUS_CHATGPT_BASE_URL: `${upstream.url}/backend-api/codex`,
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

const sealed = sealOriginal({
  origin: 'openai-compatible',
  provider: 'deepseek',
  blocks: [{ message: { reasoning_content: 'hm' }, calls: {} }],
});
const sign = 'codex-plus.1.';
const user = { role: 'user', content: 'go' };
/** What a user or a model says of the sign is said all the same. */
const words = `"${sign}" is the sign of a seal`;

const bodies = {
  messages: {
    max_tokens: 9_000,
    messages: [
      user,
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hm', signature: sealed },
          { type: 'redacted_thinking', data: sealed },
          { type: 'redacted_thinking', data: `${sign}broken` },
          { type: 'text', text: words },
          { type: 'tool_use', id: sealed, name: 'Bash', input: { data: words } },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: sealed, content: 'a.txt' }] },
    ],
  },
  chat: {
    messages: [
      user,
      {
        role: 'assistant',
        content: words,
        reasoning_content: 'hm',
        thinking_blocks: [{ type: 'thinking', thinking: 'hm', signature: sealed }],
        reasoning_details: [{ type: 'reasoning.encrypted', data: sealed }],
        reasoning_items: [{ type: 'reasoning', encrypted_content: sealed }],
        tool_calls: [{ id: sealed, type: 'function', function: { name: 'Bash', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: sealed, content: 'a.txt' },
      { role: 'assistant', content: null, thinking_blocks: [{ type: 'redacted_thinking', data: sealed }] },
      user,
    ],
  },
  responses: {
    input: [
      user,
      { type: 'reasoning', id: sealed, summary: [], encrypted_content: sealed },
      { type: 'compaction', encrypted_content: sealSummary('The file is renamed.') },
      { role: 'assistant', content: words },
      {
        type: 'agent_message',
        content: [
          { type: 'encrypted_content', encrypted_content: sealed },
          { type: 'input_text', text: words },
        ],
      },
      { type: 'agent_message', content: [{ type: 'encrypted_content', encrypted_content: sealed }] },
      { type: 'function_call', call_id: sealed, name: 'shell', arguments: '{}' },
      { type: 'function_call_output', call_id: sealed, output: 'a.txt' },
    ],
  },
} as const;
const paths = { messages: '/v1/messages', chat: '/v1/chat/completions', responses: '/v1/responses' };

/** Every text in a value, by the name of its member. */
function textsIn(value: unknown, name = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[name, value]];
  if (typeof value !== 'object' || value === null) return [];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, isList ? name : key));
}

async function sentBody(api: keyof typeof bodies, model: string, headers: readonly string[] = []) {
  const body = JSON.stringify({ model, ...bodies[api] });
  const answer = await callRaw(middleware.port, { path: paths[api], body, headers });
  expect([answer.status, upstream.requests.length]).toEqual([200, 1]);
  return upstream.requests[0]?.json ?? {};
}

function expectNoSeal(sent: JsonObject): void {
  const texts = textsIn(sent);
  expect(texts.filter(([, text]) => text.startsWith(sign))).toEqual([]);
  expect(texts.some(([, text]) => text.includes(words))).toBe(true);
  const ids = texts.filter(([name]) => ['id', 'tool_use_id', 'tool_call_id', 'call_id'].includes(name));
  expect(ids).toHaveLength(2);
  expect(new Set(ids.map(([, id]) => id)).size).toBe(1);
  expect(ids[0]?.[1]).toMatch(/^[\w-]{1,64}$/);
}

describe('[RT-4] what we sealed goes to nobody who cannot read it, wherever a client has put it', () => {
  test.each([
    ['messages', 'claude'],
    ['messages', 'gpt'],
    ['messages', 'chat'],
    ['chat', 'claude'],
    ['chat', 'gpt'],
    ['chat', 'chat'],
    ['responses', 'claude'],
    ['responses', 'gpt'],
    ['responses', 'chat'],
    ['messages', 'nobody-knows'],
    ['chat', 'nobody-knows'],
    ['responses', 'nobody-knows'],
  ] as const)('%s through LiteLLM to %s', async (api, model) => {
    expectNoSeal(await sentBody(api, model));
  });

  test.each([
    ['messages', 'claude-3-5-sonnet'],
    ['responses', 'gpt5-high'],
    ['chat', 'gpt5-high'],
  ] as const)('%s to the provider of %s itself', async (api, model) => {
    middleware.setLitellm(undefined);
    expectNoSeal(await sentBody(api, model));
  });

  test('to the ChatGPT backend', async () => {
    expectNoSeal(await sentBody('responses', 'gpt-5', ['authorization', `Bearer ${madeUpJwt()}`]));
  });

  test.each([
    ['/v1/messages/count_tokens', 'messages', 'claude', true],
    ['/v1/responses/input_tokens', 'responses', 'claude', true],
    ['/v1/messages/count_tokens', 'messages', 'claude-3-5-sonnet', false],
    ['/v1/responses/input_tokens', 'responses', 'gpt5-high', false],
  ] as const)(
    'to %s with the conversation of %s to %s (LiteLLM is there: %s)',
    async (path, api, model, isThere) => {
      if (!isThere) middleware.setLitellm(undefined);
      const body = JSON.stringify({ model, ...bodies[api] });
      const answer = await callRaw(middleware.port, { path, body });
      // The fake says what it was asked.
      const told = JSON.parse(answer.body.toString()) as { body: string };
      expectNoSeal(JSON.parse(told.body) as JsonObject);
    },
  );
});

test('[PX-1] a conversation that says the sign and has nothing sealed keeps every byte', async () => {
  const body = `{ "model":"claude",  "messages": [ {"role":"user","content":${JSON.stringify(words)}} ], "max_tokens":9 }`;
  await callRaw(middleware.port, { path: '/v1/messages', body });
  expect(upstream.requests[0]?.raw.toString()).toBe(body);
});
