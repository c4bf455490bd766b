import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says, status } from '../../support/fake-upstream/step.ts';
import { madeUpJwt } from '../../support/made-up-jwt.ts';
import { callRaw, headerOf } from '../../support/raw-client.ts';
import { startRawUpstream } from '../../support/raw-upstream.ts';
import { until } from '../../support/until.ts';
import { lookedAgain } from '../../support/test-clock.ts';

let litellm: FakeUpstream;
let provider: FakeUpstream;
let chatgpt: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  [litellm, provider, chatgpt] = await Promise.all([
    startFakeUpstream(),
    startFakeUpstream(),
    startFakeUpstream(),
  ]);
  middleware = await composeMiddleware(litellm.url, {
    OPENAI_API_BASE: `${provider.url}/v1`,
    ANTHROPIC_API_BASE: provider.url,
    OPENAI_API_KEY: 'sk-openai-real',
    ANTHROPIC_API_KEY: 'sk-ant-real',
    CODEX_PLUS_CHATGPT_BASE_URL: `${chatgpt.url}/backend-api/codex`,
    CODEX_PLUS_BREAKER_FAILURES: '2',
    CODEX_PLUS_BREAKER_COOL_DOWN_MS: '200',
  });
});

afterAll(async () => {
  await middleware.close();
  await Promise.all([litellm.close(), provider.close(), chatgpt.close()]);
});

beforeEach(() => {
  litellm.use(() => says('from litellm'));
  provider.use(() => says('from provider'));
  chatgpt.use(() => says('from chatgpt'));
  middleware.setLitellm(litellm.url);
});

const body = '{ "model" : "gpt5-high" , "input":"hi" }';

function call(
  headers: readonly string[] = [],
  path = '/v1/responses',
  text = body,
): ReturnType<typeof callRaw> {
  return callRaw(middleware.port, { path, headers, body: text });
}

describe('the credential decides', () => {
  test('a ChatGPT login goes to the ChatGPT backend, an at- token with its account header too [RT-2]', async () => {
    const jwt = await call(['authorization', `Bearer ${madeUpJwt()}`]);
    expect(jwt.body.toString()).toContain('from chatgpt');
    expect(chatgpt.requests.at(-1)!.url).toBe('/backend-api/codex/responses');
    const at = await call(['authorization', 'bearer at-0123456789', 'ChatGPT-Account-ID', 'acc']);
    expect(at.body.toString()).toContain('from chatgpt');
  });

  test("everything else goes to LiteLLM with LiteLLM's key, a JWT of another issuer too [RT-1] [RT-2]", async () => {
    for (const token of ['sk-client', madeUpJwt({ iss: 'https://login.example' })]) {
      const answer = await call(['authorization', `Bearer ${token}`]);
      expect(answer.body.toString()).toContain('from litellm');
      expect(JSON.stringify(litellm.requests.at(-1)!.rawHeaders)).not.toContain(token);
    }
  });

  test('a token of OpenAI that is no login, or a login in a wrong place, is refused and goes nowhere [RT-2]', async () => {
    const before = litellm.requests.length + chatgpt.requests.length;
    for (const headers of [
      ['authorization', `Bearer ${madeUpJwt({ aud: 'app_x' })}`],
      ['authorization', 'Bearer at-0123456789'],
      ['x-api-key', madeUpJwt()],
      ['authorization', 'AgentAssertion abc'],
      ['authorization', `Bearer ${madeUpJwt()}`, 'authorization', 'Bearer sk-x'],
    ]) {
      const answer = await call(headers);
      expect(answer.status).toBe(400);
      expect(answer.body.toString()).toContain('credential_refused');
    }
    expect(litellm.requests.length + chatgpt.requests.length).toBe(before);
  });

  test('a 401 of the ChatGPT backend comes through unchanged, for Codex to refresh its login; the token is in no log line [RT-2]', async () => {
    chatgpt.use(() => status(401, { detail: 'expired' }, ['x-openai-authorization-error', 'token_expired']));
    const token = madeUpJwt();
    const answer = await call(['authorization', `Bearer ${token}`, 'user-agent', 'codex_exec/0.169.0']);
    expect([answer.status, answer.body.toString()]).toEqual([401, '{"detail":"expired"}']);
    expect(headerOf(answer.headers, 'x-openai-authorization-error')).toBe('token_expired');
    expect(JSON.stringify(middleware.lines)).not.toContain(token.slice(0, 60));
  });

  test('a Cloudflare challenge becomes one clear error: text for Codex, JSON for the others [RT-2]', async () => {
    chatgpt.use(() =>
      status(403, '<html>Just a moment...</html>', ['cf-mitigated', 'challenge', 'cf-ray', 'abc-FRA']),
    );
    const login = ['authorization', `Bearer ${madeUpJwt()}`];
    const codex = await call([...login, 'user-agent', 'codex_exec/0.169.0']);
    expect(codex.status).toBe(400);
    expect(codex.body.toString()).toMatch(/^Cloudflare refused this request .* \(cf-ray abc-FRA\)/);
    const sdk = await call(login);
    expect([sdk.status, JSON.parse(sdk.body.toString())]).toEqual([
      502,
      { error: expect.objectContaining({ code: 'upstream_challenge' }) },
    ]);
  });

  test('forwarding headers and cookies of the client stay here; turn state goes both ways [RT-2]', async () => {
    chatgpt.use(() => ({
      kind: 'answer',
      items: [],
      headers: { 'x-codex-turn-state': 'back', 'set-cookie': '__cf_bm=1' },
    }));
    const answer = await callRaw(middleware.port, {
      path: '/v1/responses',
      headers: [
        ...[
          'authorization',
          `Bearer ${madeUpJwt()}`,
          'x-codex-turn-state',
          'there',
          'cookie',
          'a=b',
          'via',
          'x',
        ],
        ...['x-forwarded-for', '10.0.0.1', 'cf-connecting-ip', '10.0.0.1', 'forwarded', 'for=10.0.0.1'],
      ],
      body: '{"model":"m","stream":true,"input":"hi"}',
    });
    const names = chatgpt.requests
      .at(-1)!
      .rawHeaders.filter((_, i) => i % 2 === 0)
      .map((name) => name.toLowerCase());
    expect(names.sort()).toEqual([
      'authorization',
      'connection',
      'content-length',
      'host',
      'x-codex-turn-state',
    ]);
    expect(headerOf(answer.headers, 'x-codex-turn-state')).toBe('back');
    expect(headerOf(answer.headers, 'set-cookie')).toBeUndefined();
  });
});

describe('while LiteLLM is down', () => {
  test('the provider itself answers under the same model name, with its key and only the name changed [RT-3]', async () => {
    middleware.setLitellm(undefined);
    const answer = await call(['authorization', 'Bearer sk-client']);
    expect(answer.body.toString()).toContain('from provider');
    const seen = provider.requests.at(-1)!;
    expect([seen.url, seen.raw.toString()]).toEqual([
      '/v1/responses',
      '{ "model" : "gpt-5" , "input":"hi" }',
    ]);
    expect(headerOf(seen.rawHeaders, 'authorization')).toBe('Bearer sk-openai-real');
  });

  test('is said once a call in the log, and not where LiteLLM was switched off [RT-3] [OBS-1]', async () => {
    const env = { OPENAI_API_BASE: `${provider.url}/v1`, OPENAI_API_KEY: 'sk-openai-real' };
    for (const [mode, count] of [
      ['external', 1],
      ['off', 0],
    ] as const) {
      const without = await composeMiddleware(undefined, { ...env, CODEX_PLUS_LITELLM_MODE: mode });
      const answer = await callRaw(without.port, { path: '/v1/responses', body });
      expect(answer.body.toString()).toContain('from provider');
      await until(() => without.lines.some(({ message }) => message === 'exchange'));
      expect(without.lines.filter(({ level }) => level === 'warn')).toHaveLength(count);
      await without.close();
    }
  });

  test('a Messages call goes to Anthropic with its key and an API version [RT-3]', async () => {
    middleware.setLitellm(undefined);
    const text = '{"model":"claude-3-5-sonnet","max_tokens":9,"messages":[]}';
    const answer = await call(['x-api-key', 'client'], '/v1/messages', text);
    expect(answer.body.toString()).toContain('from provider');
    const { rawHeaders, json } = provider.requests.at(-1)!;
    expect([
      headerOf(rawHeaders, 'x-api-key'),
      headerOf(rawHeaders, 'anthropic-version'),
      json?.['model'],
    ]).toEqual(['sk-ant-real', '2023-06-01', 'claude-sonnet-5']);
  });

  test('cookies stay here, with a model call and with what is passed on', async () => {
    middleware.setLitellm(undefined);
    const cookie = ['cookie', 'session=of-an-app'];
    expect((await call(cookie)).body.toString()).toContain('from provider');
    expect(JSON.stringify(provider.requests.at(-1)!.rawHeaders)).not.toContain('of-an-app');
    const passed = await call(cookie, '/v1/embeddings');
    expect(passed.body.toString()).toContain('"url":"/v1/embeddings"');
    expect(passed.body.toString()).not.toContain('of-an-app');
  });

  test('cookies go to LiteLLM’s pages alone, which keep a login in them', async () => {
    const headers = ['cookie', 'token=of-litellm'];
    const page = await callRaw(middleware.port, { method: 'GET', path: '/ui/', headers });
    expect(page.body.toString()).toContain('token=of-litellm');
  });

  test('a provider answers the legacy API too, and what none has is told [RT-3]', async () => {
    middleware.setLitellm(undefined);
    const legacy = await call([], '/v1/completions', '{"model":"claude-3-5-sonnet","prompt":"hi"}');
    expect(JSON.parse(legacy.body.toString())).toMatchObject({ choices: [{ text: 'from provider' }] });
    const unknown = await call([], '/v1/responses', '{"model":"nope","input":"hi"}');
    expect(unknown.body.toString()).toContain('there is no model \\"nope\\"; there are gpt-4, ');
  });

  test('the breaker opens after its failures, leaves LiteLLM alone, and closes by itself when LiteLLM is back [RT-3]', async () => {
    const gone = await startFakeUpstream();
    middleware.setLitellm(gone.url);
    await gone.close();
    for (let i = 0; i < 3; i += 1) expect((await call()).body.toString()).toContain('from provider');
    const health = async (): Promise<unknown> => (await fetch(`${middleware.url}/health`)).json();
    expect(await health()).toMatchObject({ litellm: { breaker: 'open' } });
    const metrics = await (await fetch(`${middleware.url}/metrics`)).text();
    expect(metrics).toContain('codex_plus_breaker_state{upstream="litellm"} 2');
    const back = await startFakeUpstream([says('back again')], gone.port);
    lookedAgain();
    expect((await call()).body.toString()).toContain('back again');
    expect(await health()).toMatchObject({ litellm: { breaker: 'closed' } });
    await back.close();
  });

  test('an answer that is no HTTP is a 502 that says so, opens no breaker, and sends nobody elsewhere [RT-3]', async () => {
    const raw = await startRawUpstream();
    middleware.setLitellm(raw.url);
    const before = provider.requests.length;
    for (const bytes of [
      'SSH-2.0-OpenSSH_9.2\r\n',
      'HTTP/1.1 099 x\r\ncontent-length: 0\r\n\r\n',
      'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
      'HTTP/1.1 200 OK\r\nx-a: a\rb\r\n\r\n',
      `HTTP/1.1 200 OK\r\n${'x-a: aaaaaaaaaaaaaaaa\r\n'.repeat(10_000)}`,
    ]) {
      raw.use({ bytes, then: 'stay' });
      const { status: code, body } = await call();
      expect([bytes.slice(0, 40), code]).toEqual([bytes.slice(0, 40), 502]);
      expect(body.toString()).toContain('answered with what is no HTTP');
    }
    expect(provider.requests.length).toBe(before);
    expect(await (await fetch(`${middleware.url}/health`)).json()).toMatchObject({
      litellm: { breaker: 'closed' },
    });
    await raw.close();
  });

  test('an error that LiteLLM answers is no reason to go elsewhere [RT-3]', async () => {
    litellm.use(() => status(500, { error: { message: 'provider down' } }));
    const before = provider.requests.length;
    expect((await call()).status).toBe(500);
    expect(provider.requests.length).toBe(before);
  });
});
