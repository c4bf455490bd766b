import Anthropic from '@anthropic-ai/sdk';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { status } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';
import { recordedErrors } from '../../support/recorded-errors.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.deploys([
    deployment('claude', 'anthropic'),
    deployment('gemini', 'gemini'),
    deployment('gpt', 'openai'),
  ]);
  middleware = await composeMiddleware(upstream.url);
  middleware.setModels({ models: ['claude', 'gemini', 'gpt'] });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

/** Has LiteLLM answer with what it made of an error of a provider. */
function fails(provider: string, what: string, headers: readonly string[] = []): void {
  const found = recordedErrors.find((row) => row.provider === provider && row.what === what);
  if (found === undefined) throw new Error('there is no such record');
  const body = { error: { message: found.message, type: null, param: null, code: String(found.status) } };
  upstream.use(() => status(found.status, body, headers));
}

const codex = ['user-agent', 'codex_cli_rs/0.169.0', 'originator', 'codex_cli_rs'];

async function asCodex(model: string, stream: boolean): Promise<{ head: unknown[]; wait: unknown }> {
  const body = JSON.stringify({ model, stream, input: 'hi' });
  const answer = await callRaw(middleware.port, { path: '/v1/responses', headers: codex, body });
  const text = answer.body.toString();
  expect(text).not.toMatch(/litellm|Exception/i);
  // What Codex has no code for is told in plain words: it shows them as they are.
  const code = text.startsWith('{') ? (JSON.parse(text) as { error: { code: string } }).error.code : text;
  const at = answer.headers.findIndex((name) => name.toLowerCase() === 'retry-after');
  return { head: [answer.status, code], wait: at < 0 ? undefined : answer.headers[at + 1] };
}

const models = [
  ['Anthropic', 'claude'],
  ['Gemini', 'gemini'],
  ['OpenAI', 'gpt'],
] as const;

describe.each(models)('[RT-4] an error of %s, for Codex', (provider, model) => {
  test.each([true, false])('is what Codex has words for (streamed: %s)', async (stream) => {
    fails(provider, 'too long');
    expect((await asCodex(model, stream)).head).toEqual([400, 'context_length_exceeded']);
    fails(provider, 'overloaded');
    expect(await asCodex(model, stream)).toEqual({ head: [503, 'server_is_overloaded'], wait: '5' });
    fails(provider, 'rate limit', ['retry-after', '7']);
    expect(await asCodex(model, stream)).toEqual({ head: [429, 'rate_limit_exceeded'], wait: '7' });
    fails(provider, 'quota');
    expect((await asCodex(model, stream)).head).toEqual([429, 'insufficient_quota']);
    fails(provider, 'fault');
    expect((await asCodex(model, stream)).head).toEqual([502, 'provider_failed']);
    fails(provider, 'invalid');
    expect((await asCodex(model, stream)).head).toEqual([
      400,
      expect.stringMatching(/messages|Please|param/),
    ]);
    // Its own key is not meant, and Codex would try again.
    fails(provider, 'wrong key');
    expect((await asCodex(model, stream)).head).toEqual([400, expect.stringMatching(/key/i)]);
  });
});

test('[RT-4] a rate limit of Gemini says how long to wait in its words alone', async () => {
  fails('Gemini', 'rate limit');
  expect((await asCodex('gemini', true)).wait).toBe('13');
});

describe('[RT-4] an address of the configuration that leads to nothing', () => {
  const tail = "\n\nLiteLLM: model group 'm' failed with the error above. No fallback was attempted.";
  const told = async (model: string, code: number, said: string): Promise<string> => {
    const message = `litellm.NotFoundError: NotFoundError: OpenAIException - ${said}${tail}`;
    upstream.use(() => status(code, { error: { message, type: null, param: null, code: String(code) } }));
    const body = JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'hi' }] });
    const answer = await callRaw(middleware.port, { path: '/v1/chat/completions', body });
    expect(answer.status).toBe(400);
    expect(answer.headers[answer.headers.indexOf('x-should-retry') + 1]).toBe('false');
    return answer.body.toString();
  };

  test.each([
    [404, '{"detail":"Not Found"}'],
    [404, ''],
    [404, 'Error code: 404'],
    [404, "Error code: 404 - {'error': 'Not Found', 'path': '/responses'}"],
    [404, '404 page not found'],
    [404, '<html><head><title>404 Not Found</title></head></html>'],
    [404, '{"error":{"code":404,"message":"File Not Found","type":"not_found_error"}}'],
    [405, '{"detail":"Method Not Allowed"}'],
  ])('is told with the model and what to check: %i %s', async (code, said) => {
    for (const model of ['gpt', 'claude', 'gemini']) {
      const text = await told(model, code, said);
      expect(text).toContain(`the server of \\"${model}\\" has nothing at the path`);
      expect(text).toMatch(/check `api_base`.*`\/v1`/);
    }
  });

  test.each(['No item with id rs_1 was found.', "File 'file_1' was not found"])(
    'is not meant where something else is not there: %s',
    async (said) => {
      expect(await told('gpt', 404, JSON.stringify({ error: { message: said } }))).not.toContain('api_base');
    },
  );
});

describe('[RT-4] for a model that is not there', () => {
  const message = '/responses: Invalid model name passed in model=no-such. Call `/v1/models` to view';

  test.each([true, false])('clients of OpenAI hear which there are (streamed: %s)', async (stream) => {
    upstream.use(() => status(400, { error: { message, type: null, param: null, code: '400' } }));
    const openai = new OpenAI({ baseURL: `${middleware.url}/v1`, apiKey: 'unused', maxRetries: 0 });
    const named = { model: 'no-such', stream } as const;
    for (const call of [
      () => openai.responses.create({ ...named, input: 'hi' }),
      () => openai.chat.completions.create({ ...named, messages: [{ role: 'user', content: 'hi' }] }),
    ])
      await expect(call()).rejects.toMatchObject({
        status: 404,
        code: 'model_not_found',
        message: expect.stringContaining('"no-such"; there are claude, gemini, gpt'),
      });
  });

  test('clients of Messages hear it as Anthropic says it', async () => {
    upstream.use(() => status(400, { error: { message, type: null, param: null, code: '400' } }));
    const anthropic = new Anthropic({ baseURL: middleware.url, apiKey: 'unused', maxRetries: 0 });
    const call = anthropic.messages.create({
      ...{ model: 'no-such', max_tokens: 9 },
      messages: [{ role: 'user', content: 'hi' }],
    });
    await expect(call).rejects.toMatchObject({
      status: 404,
      error: {
        type: 'error',
        error: { type: 'not_found_error', message: expect.stringContaining('claude, gemini, gpt') },
      },
    });
  });
});

describe.each(models)('[RT-4] a model that %s does not have, under a name of ours', (provider, model) => {
  test.each([true, false])('is a 404 with what the provider said (streamed: %s)', async (stream) => {
    fails(provider, 'unknown to it');
    const messages = [{ role: 'user', content: 'hi' }];
    const calls = [
      ['/v1/responses', { model, stream, input: 'hi' }],
      ['/v1/chat/completions', { model, stream, messages }],
      ['/v1/messages', { model, stream, messages, max_tokens: 9 }],
    ] as const;
    for (const [path, body] of calls) {
      const answer = await callRaw(middleware.port, { path, body: JSON.stringify(body) });
      const text = answer.body.toString();
      expect([path, answer.status]).toEqual([path, 404]);
      expect(text).toMatch(/model_not_found|not_found_error/);
      expect(text).toContain(
        String.raw`the provider has no model of the name that the configuration gives for \"${model}\"`,
      );
      expect(text).toMatch(
        /model: claude-sonnet-4-5|gemini-3.1-pro-preview is not found|`my-own` does not exist/,
      );
    }
  });
});

test('[RT-4] a provider that cannot be called is told with the model that it was called for', async () => {
  const message = 'litellm.InternalServerError: InternalServerError: OpenAIException - Connection error.';
  upstream.use(() => status(500, { error: { message, type: null, param: null, code: '500' } }));
  const body = JSON.stringify({ model: 'gpt', input: 'hi' });
  const answer = await callRaw(middleware.port, { path: '/v1/responses', body });
  expect(answer.status).toBe(502);
  expect(answer.body.toString()).toContain(
    String.raw`the provider could not be reached (it was called for \"gpt\")`,
  );
});

describe('[RT-4] a request that is too large for Anthropic', () => {
  const told =
    '{"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}';
  const claudeCode = ['user-agent', 'claude-cli/2.1.332 (external, cli)'];

  test.each([
    [413, told],
    [400, `litellm.BadRequestError: AnthropicException - ${told}`],
  ])('is a 413 in each API, and is not tried again (LiteLLM says %d)', async (code, message) => {
    upstream.use(() => status(code, { error: { message, type: null, param: null, code: String(code) } }));
    const messages = [{ role: 'user', content: 'hi' }];
    const calls = [
      ['/v1/messages', { messages, max_tokens: 9 }, { type: 'request_too_large' }],
      ['/v1/chat/completions', { messages }, { code: 'request_too_large', type: 'invalid_request_error' }],
      ['/v1/responses', { input: 'hi' }, { code: 'request_too_large', type: 'invalid_request_error' }],
    ] as const;
    for (const [path, said, error] of calls)
      for (const headers of [[], claudeCode]) {
        const body = JSON.stringify({ model: 'claude', ...said });
        const answer = await callRaw(middleware.port, { path, headers, body });
        expect(JSON.parse(answer.body.toString())).toMatchObject({
          error: { ...error, message: 'Request exceeds the maximum size' },
        });
        expect(answer.status).toBe(413);
        expect(answer.headers.join(' ')).toContain('x-should-retry false');
      }
    expect((await asCodex('claude', true)).head).toEqual([400, 'Request exceeds the maximum size']);
  });

  test('is one that Codex sends once also where its provider speaks its API', async () => {
    for (const code of [413, 422]) {
      upstream.use(() => status(code, { error: { message: 'too much', type: 'x', param: null, code: 'y' } }));
      expect((await asCodex('gpt', true)).head).toEqual([400, 'y']);
    }
  });
});

describe('[RT-4] an answer of a proxy in front of LiteLLM or of a provider', () => {
  test.each(['/v1/responses', '/v1/chat/completions', '/v1/messages'])(
    'that is a page is told in words at %s',
    async (path) => {
      const page = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';
      upstream.use(() => status(502, page));
      const body = { model: 'gpt', input: 'hi', messages: [{ role: 'user', content: 'hi' }], max_tokens: 9 };
      const answer = await callRaw(middleware.port, { path, body: JSON.stringify(body) });
      expect(answer.status).toBe(502);
      const { error } = JSON.parse(answer.body.toString()) as { error: { message: string } };
      expect(error.message).toBe('the provider answered with the status 502 and the page "502 Bad Gateway"');
    },
  );
});

describe('[RT-4] an error of Anthropic, for the SDKs', () => {
  test.each([true, false])('has the form of their own API (streamed: %s)', async (stream) => {
    const anthropic = new Anthropic({ baseURL: middleware.url, apiKey: 'unused', maxRetries: 0 });
    const openai = new OpenAI({ baseURL: `${middleware.url}/v1`, apiKey: 'unused', maxRetries: 0 });
    const messages = [{ role: 'user', content: 'hi' }] as const;
    const asked = { model: 'claude', max_tokens: 9, messages: [...messages], stream };
    fails('Anthropic', 'too long');
    await expect(anthropic.messages.create(asked)).rejects.toMatchObject({
      status: 400,
      error: {
        error: { type: 'invalid_request_error', message: expect.stringMatching(/^prompt is too long/) },
      },
    });
    await expect(openai.responses.create({ model: 'claude', input: 'hi', stream })).rejects.toMatchObject({
      status: 400,
      code: 'context_length_exceeded',
      type: 'invalid_request_error',
    });
    fails('Anthropic', 'overloaded');
    await expect(anthropic.messages.create(asked)).rejects.toMatchObject({
      error: { error: { type: 'overloaded_error' } },
    });
  });
});

test('[PX-2] an error that is longer than any of LiteLLM goes on whole', async () => {
  const message = 'x'.repeat(300_000);
  upstream.use(() => status(400, { error: { message } }));
  const body = JSON.stringify({ model: 'gpt', input: 'hi' });
  const answer = await callRaw(middleware.port, { path: '/v1/responses', body });
  expect(answer.status).toBe(400);
  expect(JSON.parse(answer.body.toString())).toEqual({ error: { message } });
});

test('[RT-4] an answer that says itself that it failed is none of LiteLLM failing: nobody else is asked', async () => {
  upstream.forget();
  upstream.use(() => status(200, { error: { type: 'overloaded_error', message: 'Overloaded' } }));
  const body = JSON.stringify({ model: 'claude', messages: [{ role: 'user', content: 'hi' }] });
  // More often than LiteLLM may fail in a row.
  for (let count = 1; count <= 8; count += 1) {
    const answer = await callRaw(middleware.port, { path: '/v1/chat/completions', body });
    expect([answer.status, answer.body.toString()]).toEqual([503, expect.stringContaining('"Overloaded"')]);
    expect(upstream.requests).toHaveLength(count);
  }
});
