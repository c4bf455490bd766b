import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { status } from '../../support/fake-upstream/step.ts';
import { callRaw, headerOf, type RawAnswer } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let litellm: ComposedMiddleware;
let direct: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.deploys([deployment('claude-3-5-sonnet', 'anthropic'), deployment('gpt-5', 'openai')]);
  const env = {
    ...{ OPENAI_API_BASE: `${upstream.url}/v1`, OPENAI_API_KEY: 'sk-openai-real-0123456789' },
    ...{ ANTHROPIC_API_BASE: upstream.url, ANTHROPIC_API_KEY: 'sk-ant-real-0123456789' },
  };
  litellm = await composeMiddleware(upstream.url, env);
  direct = await composeMiddleware(undefined, { ...env, CODEX_PLUS_LITELLM_MODE: 'off' });
});

afterAll(async () => {
  await litellm.close();
  await direct.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.forget();
});

const claudeCode = ['user-agent', 'claude-cli/2.1.332 (external, cli)'];

async function call(
  way: ComposedMiddleware,
  path: string,
  model: string,
  headers: readonly string[] = [],
): Promise<RawAnswer & { readonly json: { readonly error?: { code?: string; message?: string } } }> {
  const messages = [{ role: 'user', content: 'hi' }];
  const said = path === '/v1/responses' ? { input: 'hi' } : { messages, max_tokens: 9 };
  const answer = await callRaw(way.port, { path, headers, body: JSON.stringify({ model, ...said }) });
  const text = answer.body.toString();
  return { ...answer, json: text.startsWith('{') ? (JSON.parse(text) as object) : {} };
}

const paths = ['/v1/responses', '/v1/chat/completions', '/v1/messages'];

describe('[RT-4] a translated answer that is no stream and failed', () => {
  test.each([
    ['/v1/responses', 'claude-3-5-sonnet', { type: 'message', content: [], stop_reason: null }],
    ['/v1/chat/completions', 'claude-3-5-sonnet', { type: 'message', content: [], stop_reason: null }],
    [
      '/v1/messages',
      'gpt-5',
      { status: 'failed', error: { code: 'server_error', message: 'it broke' }, output: [] },
    ],
  ])('has the status of an error: %s', async (path, model, body) => {
    upstream.use(() => status(200, body));
    for (const way of [litellm, direct]) {
      const answer = await call(way, path, model);
      const code = 'status' in body ? 'provider_failed' : 'upstream_refused';
      expect([answer.status, answer.json.error?.code]).toEqual([502, code]);
      expect(answer.json.error?.message).not.toMatch(/stream/);
    }
  });

  test('says so with the status of what it says', async () => {
    upstream.use(() =>
      status(200, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
    );
    const answer = await call(litellm, '/v1/responses', 'claude-3-5-sonnet');
    expect([answer.status, answer.json.error?.code]).toEqual([503, 'server_is_overloaded']);
  });

  test('and one of OpenAI itself stays what it is', async () => {
    const body = {
      id: 'r',
      status: 'failed',
      error: { code: 'server_error', message: 'it broke' },
      output: [],
    };
    upstream.use(() => status(200, body));
    const answer = await call(litellm, '/v1/responses', 'gpt-5');
    expect([answer.status, answer.json]).toEqual([200, body]);
  });

  test('is a fault of the provider where it is nested too deep, and nobody else is asked', async () => {
    const deep = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    upstream.use(() => ({
      ...{ kind: 'bytes', headers: ['content-type', 'application/json'] },
      pieces: [
        Buffer.from(
          `{"type":"message","content":[{"type":"text","text":"hi","x":${deep}}],"stop_reason":"end_turn"}`,
        ),
      ],
    }));
    const answer = await call(litellm, '/v1/responses', 'claude-3-5-sonnet');
    expect([answer.status, answer.json.error?.code]).toEqual([502, 'provider_failed']);
    expect(answer.json.error?.message).toMatch(/nested deeper than 1000 levels/);
    expect(upstream.requests).toHaveLength(1);
  });
});

describe('[RT-4] a key that is refused', () => {
  test.each([401, 403])('is told as ours with its variable, and as none of the client: %s', async (code) => {
    const error = { type: 'authentication_error', message: 'invalid x-api-key' };
    upstream.use(() => status(code, { type: 'error', error }, ['www-authenticate', 'Bearer']));
    for (const way of [litellm, direct])
      for (const path of paths) {
        const answer = await call(way, path, 'claude-3-5-sonnet');
        expect([answer.status, answer.json.error?.code]).toEqual([400, 'provider_key_refused']);
        expect(answer.json.error?.message).toMatch(
          /(?:refused|does not allow).* that Codex-Plus has for "claude-3-5-sonnet" \(ANTHROPIC_API_KEY\): invalid API key$/,
        );
        expect(headerOf(answer.headers, 'www-authenticate')).toBeUndefined();
        expect(headerOf(answer.headers, 'x-should-retry')).toBe('false');
      }
  });

  test('has a status that the real Claude Code asks for once, and no words that it takes for its own key', async () => {
    upstream.use(() => status(401, { type: 'error', error: { type: 'x', message: 'invalid x-api-key' } }));
    const answer = await call(litellm, '/v1/messages', 'claude-3-5-sonnet', claudeCode);
    expect([answer.status, answer.json.error?.code]).toEqual([424, 'provider_key_refused']);
    expect(answer.body.toString()).not.toMatch(/x-api-key/i);
  });

  test('is found where Google and LiteLLM say so under another status', async () => {
    upstream.use(() =>
      status(400, { error: { message: 'API key not valid. Please pass a valid API key.' } }),
    );
    const google = await call(direct, '/v1/responses', 'gpt-5');
    expect(google.json.error?.code).toBe('provider_key_refused');
    upstream.use(() => status(400, { error: { message: 'No connected db.', type: 'no_db_connection' } }));
    const master = await call(litellm, '/v1/responses', 'gpt-5');
    expect(master.json.error).toMatchObject({
      code: 'provider_key_refused',
      message: expect.stringMatching(/^LiteLLM refused the key .*LITELLM_MASTER_KEY/),
    });
  });
});

describe('[RT-3] a model that nobody will ever have', () => {
  test.each(paths)('is a 404 with the names that there are where LiteLLM is off: %s', async (path) => {
    const answer = await call(direct, path, 'no-such-model');
    expect([answer.status, answer.json.error?.code]).toEqual([404, 'model_not_found']);
    expect(answer.json.error?.message).toMatch(/"no-such-model".*; there are .*gpt-5/);
    expect(headerOf(answer.headers, 'retry-after')).toBeUndefined();
  });

  test('is one as well while a LiteLLM of ours is down, and one that it would have is waited for', async () => {
    const down = await composeMiddleware(undefined, { CODEX_PLUS_LITELLM_MODE: 'managed' });
    const none = await call(down, '/v1/responses', 'no-such-model');
    expect([none.status, none.json.error?.code]).toEqual([404, 'model_not_found']);
    const waiting = await call(down, '/v1/responses', 'gpt-5');
    expect([waiting.status, waiting.json.error?.code]).toEqual([503, 'no_route']);
    expect(headerOf(waiting.headers, 'retry-after')).toBe('5');
    await down.close();
  });
});
