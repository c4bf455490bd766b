import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says, status } from '../../support/fake-upstream/step.ts';
import { callRaw, headerOf } from '../../support/raw-client.ts';

let provider: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  provider = await startFakeUpstream();
  middleware = await composeMiddleware(undefined, {
    OPENAI_API_BASE: `${provider.url}/v1`,
    OPENAI_API_KEY: 'sk-openai-real',
    ANTHROPIC_API_BASE: provider.url,
    ANTHROPIC_API_KEY: 'sk-ant-real',
  });
});

afterAll(async () => {
  await middleware.close();
  await provider.close();
});

beforeEach(() => {
  provider.forget();
  provider.use(() => says('Done.'));
});

const codex = ['user-agent', 'codex_cli_rs/0.169.0', 'originator', 'codex_cli_rs'];

function asCodex(stream: boolean, headers: readonly string[] = []): ReturnType<typeof callRaw> {
  const body = JSON.stringify({ model: 'claude-3-5-sonnet', stream, input: 'hi' });
  return callRaw(middleware.port, { path: '/v1/responses', headers: [...codex, ...headers], body });
}

function anthropics(type: string, message: string): object {
  return { type: 'error', error: { type, message }, request_id: 'req_1' };
}

describe('[RT-3] [RT-4] without LiteLLM, an error of Anthropic for Codex', () => {
  test.each([
    [
      400,
      'invalid_request_error',
      'prompt is too long: 210000 tokens > 200000',
      400,
      'context_length_exceeded',
    ],
    [529, 'overloaded_error', 'Overloaded', 503, 'server_is_overloaded'],
    [429, 'rate_limit_error', 'Number of request tokens has exceeded', 429, 'rate_limit_exceeded'],
    [400, 'invalid_request_error', 'Your credit balance is too low', 429, 'insufficient_quota'],
    [500, 'api_error', 'Internal server error', 502, 'provider_failed'],
  ] as const)('is what Codex has words for: %s %s %s', async (given, type, message, code, name) => {
    provider.use(() => status(given, anthropics(type, message)));
    for (const stream of [true, false]) {
      const answer = await asCodex(stream);
      const { error } = JSON.parse(answer.body.toString()) as { error: { code: string; message: string } };
      expect([answer.status, error.code, error.message]).toEqual([code, name, message]);
    }
  });

  test.each([
    [401, 'authentication_error', 'invalid key'],
    [404, 'not_found_error', 'model: claude-sonnet-5'],
    [409, 'of_tomorrow', 'No'],
    [400, 'invalid_request_error', 'tools.0: Extra inputs are not permitted'],
  ] as const)(
    'is told in plain words where Codex would only try again: %s %s',
    async (given, type, message) => {
      provider.use(() => status(given, anthropics(type, message)));
      const answer = await asCodex(true);
      expect([answer.status, answer.body.toString()]).toEqual([400, expect.stringContaining(message)]);
    },
  );

  test('is told with its status where it is a page of a proxy', async () => {
    provider.use(() => status(502, '<html>Bad gateway</html>'));
    const answer = await asCodex(true);
    expect([answer.status, answer.body.toString()]).toEqual([
      502,
      expect.stringContaining('the provider answered with the status 502'),
    ]);
  });

  test('keeps the time to wait and the limits', async () => {
    const limits = ['anthropic-ratelimit-requests-remaining', '0', 'retry-after', '7'];
    provider.use(() => status(429, anthropics('rate_limit_error', 'Slow down'), limits));
    const { headers } = await asCodex(true);
    expect(headerOf(headers, 'retry-after')).toBe('7');
    expect(headerOf(headers, 'anthropic-ratelimit-requests-remaining')).toBe('0');
  });
});

test('[RT-3] [RT-4] without LiteLLM, an error of OpenAI has the form of Messages for their clients', async () => {
  const error = { message: 'Rate limit reached', type: 'requests', param: null, code: 'rate_limit_exceeded' };
  provider.use(() => status(429, { error }, ['retry-after', '7']));
  const anthropic = new Anthropic({ baseURL: middleware.url, apiKey: 'unused', maxRetries: 0 });
  const messages = [{ role: 'user', content: 'hi' }] as const;
  for (const stream of [true, false]) {
    const asked = { model: 'gpt-5', max_tokens: 9, messages: [...messages], stream };
    await expect(anthropic.messages.create(asked)).rejects.toMatchObject({
      status: 429,
      error: { type: 'error', error: { type: 'rate_limit_error', message: 'Rate limit reached' } },
    });
  }
});

test('[RT-3] without LiteLLM, another API’s provider gets its own key and nothing that is said to OpenAI', async () => {
  const answer = await asCodex(true, [
    ...['authorization', 'Bearer sk-client', 'x-codex-turn-metadata', '{"workspaces":{"/home/me":{}}}'],
    ...['session-id', 'one', 'anthropic-beta', 'odd', 'cookie', 'a=b'],
  ]);
  expect(answer.body.toString()).toContain('response.completed');
  const { url, rawHeaders = [], json } = provider.requests[0] ?? {};
  expect([url, json?.['model']]).toEqual(['/v1/messages', 'claude-sonnet-5']);
  const names = rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
  expect(names.toSorted()).toEqual([
    ...['accept-encoding', 'anthropic-version', 'connection', 'content-length', 'content-type'],
    ...['host', 'user-agent', 'x-api-key'],
  ]);
  expect(headerOf(rawHeaders, 'x-api-key')).toBe('sk-ant-real');
});

test('[RT-3] without LiteLLM, a client of the Messages API reaches the Responses API of OpenAI', async () => {
  const body = JSON.stringify({
    model: 'gpt-5',
    max_tokens: 900,
    messages: [{ role: 'user', content: 'hi' }],
  });
  const answer = await callRaw(middleware.port, { path: '/v1/messages', body });
  expect(answer.status).toBe(200);
  expect(provider.requests[0]?.url).toBe('/v1/responses');
  expect(provider.requests[0]?.json).toEqual({
    ...{ model: 'gpt-5', max_output_tokens: 900, store: false, stream: false },
    input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hi' }] }],
    include: ['reasoning.encrypted_content'],
  });
});

test('[RT-3] [PX-6] without LiteLLM, Claude sums up a conversation at the path of its own', async () => {
  const body = JSON.stringify({ model: 'claude-3-5-sonnet', input: 'hi' });
  const answer = await callRaw(middleware.port, { path: '/v1/responses/compact', body });
  expect(answer.status).toBe(200);
  const { output } = JSON.parse(answer.body.toString()) as { output: readonly { type: string }[] };
  expect(output.map(({ type }) => type)).toEqual(['compaction']);
});
