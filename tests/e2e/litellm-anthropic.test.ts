import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { headerValue } from '../../middleware/kernel/headers.ts';
import { rootDir } from '../support/compose-middleware.ts';
import { startConnectProxy, type ConnectProxy } from '../support/connect-proxy.ts';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { says, status, type Step } from '../support/fake-upstream/step.ts';
import { sparePort } from '../support/spare-port.ts';
import { startMiddleware, type RunningMiddleware } from '../support/start-middleware.ts';

const twoMinutes = 120_000;

let upstream: FakeUpstream;
let middleware: RunningMiddleware;
/** Refuses all: whatever LiteLLM asks of the internet is asked here. */
let internet: ConnectProxy;

const entries = `model_list:
  - model_name: anthropic/*
    litellm_params:
      model: anthropic/*
      api_key: os.environ/ANTHROPIC_API_KEY
`;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  internet = await startConnectProxy();
  internet.refuse(403);
  const usual = await readFile(join(rootDir, 'config', 'litellm_config.yaml'), 'utf8');
  middleware = await startMiddleware({
    upstreamUrl: upstream.url,
    litellmPort: await sparePort(),
    litellmConfig: usual.replace('model_list:\n', entries),
    env: {
      HTTPS_PROXY: internet.url,
      https_proxy: internet.url,
      NO_PROXY: '127.0.0.1',
      no_proxy: '127.0.0.1',
    },
  });
  await middleware.untilLitellmIs('ready');
}, twoMinutes);

afterAll(async () => {
  await middleware.stop();
  await Promise.all([upstream.close(), internet.close()]);
}, twoMinutes);

beforeEach(() => {
  upstream.forget();
  upstream.use(() => says('Done.'));
});

const clients = {
  'content-type': 'application/json',
  authorization: 'Bearer sk-ant-oat01-the-clients-own',
  'anthropic-version': '2023-06-01',
};

function post(path: string, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return fetch(middleware.url + path, {
    method: 'POST',
    headers: { ...clients, ...headers },
    body: JSON.stringify(body),
  });
}

const asked = { max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] };
/** The second and the third are none that LiteLLM knows. */
const told =
  'interleaved-thinking-2025-05-14, mid-conversation-system-clear-at-2026-08-21, of-tomorrow-2099-01-01';

test.each(['claude-sonnet-5', 'anthropic/claude-opus-4-5'])(
  '[RT-4] Anthropic gets the betas that a client asks for, also those that LiteLLM does not know, and no key of the client: %s',
  async (model) => {
    for (const stream of [false, true]) {
      upstream.forget();
      const answer = await post('/v1/messages', { ...asked, model, stream }, { 'anthropic-beta': told });
      expect(answer.status).toBe(200);
      await answer.text();
      const { rawHeaders = [] } = upstream.requests[0] ?? {};
      const betas = headerValue(rawHeaders, 'anthropic-beta')?.split(',');
      expect(betas).toEqual(told.split(', ').toSorted());
      expect(headerValue(rawHeaders, 'x-api-key')).toBe('sk-ant-made-up');
      expect(rawHeaders.join(' ')).not.toContain('the-clients-own');
    }
  },
  twoMinutes,
);
test.each(['anthropic/claude-opus-4-5', 'anthropic/claude-of-tomorrow'])(
  '[RT-4] a model of an entry with a star is called in the API of its provider: %s',
  async (model) => {
    const tools = [{ type: 'custom', name: 'apply_patch' }];
    await post('/v1/responses', { model, tools, input: 'hi' });
    expect(upstream.requests.map(({ url }) => url)).toEqual(['/v1/messages']);
    const { tools: offered } = upstream.requests[0]?.json ?? {};
    // In our words: LiteLLM's translation has others.
    expect(JSON.stringify(offered)).toContain('The whole input of the tool, as it is.');
  },
  twoMinutes,
);

test('[RT-1] LiteLLM asks nothing of the internet by itself, when it starts and when it calls Anthropic', async () => {
  const messages = await post(
    '/v1/messages',
    { ...asked, model: 'claude-sonnet-5' },
    { 'anthropic-beta': told },
  );
  // What it translates itself, since we do not: it looks for the betas that Anthropic takes.
  const named = { 'anthropic-beta': told };
  const completion = await post('/v1/completions', { model: 'claude-sonnet-5', prompt: 'hi' }, named);
  expect([messages.status, completion.status]).toEqual([200, 200]);
  expect(internet.asked).toEqual([]);
});

test.each([
  [429, 'rate_limit_error', 429],
  [529, 'overloaded_error', 503],
  [500, 'api_error', 502],
])(
  '[RT-4] the real LiteLLM lets clients of Messages hear how long a provider asks to wait: %s',
  async (given, type, told) => {
    const error = { type: 'error', error: { type, message: 'Slow down sk-ant-made-up' } };
    upstream.use(() => status(given, error, ['retry-after', '17', 'x-should-retry', 'false']));
    for (const stream of [true, false]) {
      const messages = [{ role: 'user', content: 'hi' }];
      const body = JSON.stringify({ model: 'claude-3-5-sonnet', max_tokens: 9, stream, messages });
      const answer = await fetch(`${middleware.url}/v1/messages`, { method: 'POST', headers: clients, body });
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([told, '17']);
      expect(answer.headers.get('x-should-retry')).toBe('false');
      expect(await answer.text()).not.toContain('sk-ant-made-up');
    }
  },
);

test('[RT-4] what Anthropic says of its limits and the id of a request reaches its clients, in streams, whole answers and errors', async () => {
  const limits = { 'anthropic-ratelimit-tokens-remaining': '41', 'request-id': 'req_of_the_provider' };
  const error = { type: 'error', error: { type: 'rate_limit_error', message: 'Slow down' } };
  const whole: Step = { kind: 'answer', items: [{ kind: 'text', text: 'Done.' }], headers: limits };
  const cases = [
    [true, whole],
    [false, whole],
    [false, status(429, error, Object.entries(limits).flat())],
  ] as const;
  for (const [stream, step] of cases) {
    upstream.use(() => step);
    const answer = await post('/v1/messages', { ...asked, model: 'claude-sonnet-5', stream });
    await answer.text();
    expect(Object.keys(limits).map((name) => answer.headers.get(name))).toEqual(Object.values(limits));
    expect(answer.headers.get('x-ratelimit-limit-requests')).toBeNull();
  }
});
