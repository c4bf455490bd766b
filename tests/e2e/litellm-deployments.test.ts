import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startFakeUpstream, type FakeUpstream, type Seen } from '../support/fake-upstream/fake-upstream.ts';
import { says, status, type Step } from '../support/fake-upstream/step.ts';
import { sparePort } from '../support/spare-port.ts';
import { startMiddleware, type RunningMiddleware } from '../support/start-middleware.ts';
import { until } from '../support/until.ts';

const twoMinutes = 120_000;

/** What the provider of `keyless` was called with. */
const sentKeys: (string | undefined)[] = [];
const keyless = createServer((req, res) => {
  sentKeys.push(req.headers.authorization);
  req.resume();
  res.setHeader('content-type', 'application/json').end('{"text":"hi"}');
});

let upstream: FakeUpstream;
let middleware: RunningMiddleware;

/** A name with and without its key, one with stars, and other ways to name the model of an entry. */
const config = `model_list:
  - model_name: twice
    litellm_params: { model: openai/gpt-5, api_key: os.environ/NO_SUCH_KEY }
  - model_name: twice
    litellm_params: { model: openai/gpt-5-mini, api_key: os.environ/OPENAI_API_KEY }
  - model_name: claude
    litellm_params: { model: anthropic/claude-sonnet-4-5, api_key: os.environ/ANTHROPIC_API_KEY }
    model_info: { id: my-claude }
  - model_name: hosted
    litellm_params: { model: claude-opus-4-5, custom_llm_provider: anthropic, api_key: os.environ/ANTHROPIC_API_KEY }
  - model_name: keyless
    litellm_params: { model: openai/whisper-1, api_key: os.environ/NO_SUCH_KEY, api_base: http://KEYLESS/v1 }
  - model_name: refused-once
    litellm_params: { model: openai/gpt-5, api_key: os.environ/REFUSED_KEY }
  - model_name: refused-once
    litellm_params: { model: openai/gpt-5-mini, api_key: os.environ/OPENAI_API_KEY }
  - model_name: forbidden-once
    litellm_params: { model: openai/gpt-5, api_key: os.environ/REFUSED_KEY }
  - model_name: forbidden-once
    litellm_params: { model: openai/gpt-5-mini, api_key: os.environ/OPENAI_API_KEY }
  - model_name: refused-claude
    litellm_params: { model: anthropic/claude-sonnet-4-5, api_key: os.environ/REFUSED_KEY }
  - model_name: refused-claude
    litellm_params: { model: anthropic/claude-haiku-4-5, api_key: os.environ/ANTHROPIC_API_KEY }
  - model_name: refused-everywhere
    litellm_params: { model: openai/gpt-5, api_key: os.environ/REFUSED_KEY }
  - model_name: refused-everywhere
    litellm_params: { model: openai/gpt-5-mini, api_key: os.environ/ANOTHER_REFUSED_KEY }
  - model_name: openai/*
    litellm_params: { model: openai/*, api_key: os.environ/OPENAI_API_KEY }
router_settings:
  num_retries: 0
  disable_cooldowns: true
  model_group_alias: { quiet: { model: claude, hidden: true }, nowhere: quiet }
  optional_pre_call_checks: [session_affinity, encrypted_content_affinity]
litellm_settings: { drop_params: true, modify_params: true }
general_settings: { master_key: os.environ/LITELLM_MASTER_KEY }
`;

beforeAll(async () => {
  keyless.listen(0, '127.0.0.1');
  await once(keyless, 'listening');
  const { port } = keyless.address() as AddressInfo;
  upstream = await startFakeUpstream();
  middleware = await startMiddleware({
    ...{
      upstreamUrl: upstream.url,
      litellmPort: await sparePort(),
      litellmConfig: config.replace('KEYLESS', `127.0.0.1:${port}`),
    },
    env: { NO_SUCH_KEY: '', REFUSED_KEY: 'sk-refused-1', ANOTHER_REFUSED_KEY: 'sk-refused-2' },
  });
  await middleware.untilLitellmIs('ready');
}, twoMinutes);

afterAll(async () => {
  keyless.closeAllConnections();
  keyless.close();
  await middleware.stop();
  await upstream.close();
}, twoMinutes);

beforeEach(() => {
  upstream.forget();
  upstream.use(() => says('Done.'));
});

async function ask(
  model: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${middleware.url}/v1/responses`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model, input: 'hi', tools: [{ type: 'web_search' }] }),
  });
  return { status: answer.status, text: await answer.text() };
}

test('[RT-5] of two deployments the one whose key is missing rests, and that is told', async () => {
  for (let turn = 0; turn < 12; turn += 1) expect((await ask('twice')).status).toBe(200);
  expect(new Set(upstream.requests.map(({ json }) => json?.['model']))).toEqual(new Set(['gpt-5-mini']));
  const told =
    /line 2: "twice" is answered by its other deployments alone: openai\/gpt-5 rests until the environment variable NO_SUCH_KEY is set/;
  const { litellm } = (await middleware.health()) as unknown as { litellm: { warnings: string[] } };
  expect(litellm.warnings).toEqual(expect.arrayContaining([expect.stringMatching(told)]));
  expect(middleware.lines).toContainEqual(expect.objectContaining({ message: expect.stringMatching(told) }));
});

/** As a provider does whose account of the keys `sk-refused-…` may not be used, in the way that `refusal` says. */
function refusing(refusal: Step): (seen: Seen) => Step {
  return ({ rawHeaders }) =>
    rawHeaders.some((value) => value.includes('sk-refused-')) ? refusal : says('Done.');
}

const refused = 'refused-everywhere\\" (its deployments have theirs in REFUSED_KEY and ANOTHER_REFUSED_KEY)';
const unknownKey = status(401, {
  error: { message: 'Incorrect API key provided.', code: 'invalid_api_key' },
});
/** As xAI does. */
const wrongKey = status(400, {
  code: 'Client specified an invalid argument',
  error: 'Incorrect API key provided: sk***1. You can obtain an API key from https://console.x.ai.',
});
const refusals: readonly (readonly [string, Step, string])[] = [
  ['does not know its key', unknownKey, refused],
  ['says so with the status of a wrong request', wrongKey, refused],
  [
    'does not let it do this',
    status(403, { error: { message: 'Your key has insufficient permissions.' } }),
    refused,
  ],
  [
    'has no more money of it',
    status(429, { error: { message: 'You exceeded your current quota.', code: 'insufficient_quota' } }),
    'You exceeded your current quota.',
  ],
];

describe.each(refusals)('[RT-5] where the provider of one deployment %s', (_, refusal, told) => {
  test.each(['refused-once', 'refused-claude'])('the other one of %s answers', async (model) => {
    upstream.use(refusing(refusal));
    for (let turn = 0; turn < 8; turn += 1) expect((await ask(model)).status).toBe(200);
    // The first call of all may have gone to the one that is refused; it is left alone after that.
    expect(upstream.requests.length).toBeLessThanOrEqual(9);
  });

  test('and the other one as well, each is asked once, and the reason is told', async () => {
    upstream.use(refusing(refusal));
    const { status: code, text } = await ask('refused-everywhere');
    expect(code).toBeGreaterThanOrEqual(400);
    expect(text).toContain(told);
    expect(upstream.requests.map(({ json }) => json?.['model']).toSorted()).toEqual(['gpt-5', 'gpt-5-mini']);
    const warning =
      /^the provider refused a call of "refused-everywhere" at its deployment openai\/gpt-5\S* with the status 40[013]; its other/;
    expect(middleware.lines).toContainEqual(
      expect.objectContaining({ message: expect.stringMatching(warning) }),
    );
  });
});

/** Asks, each time with success, until a deployment was; or often enough to know that it never is. */
async function askUntil(model: string, deployment: string): Promise<boolean> {
  const isAsked = (): boolean => upstream.requests.some(({ json }) => json?.['model'] === deployment);
  for (let turn = 0; turn < 40 && !isAsked(); turn += 1) expect((await ask(model)).status).toBe(200);
  return isAsked();
}

test.each(['Your input was flagged by moderation.', 'Forbidden'])(
  '[RT-5] a 403 that names no key (%s) goes to the other one, and the next call may go to either',
  async (message) => {
    upstream.use(refusing(status(403, { error: { message, code: '403' } })));
    expect(await askUntil('forbidden-once', 'gpt-5')).toBe(true);
    upstream.forget();
    upstream.use(() => says('Done.'));
    expect(await askUntil('forbidden-once', 'gpt-5')).toBe(true);
    const warning =
      'of "forbidden-once" at its deployment openai/gpt-5 with the status 403; its other deployments are asked';
    expect(middleware.lines).toContainEqual(
      expect.objectContaining({ message: expect.stringMatching(new RegExp(`${warning}$`)) }),
    );
  },
);

test('[RT-5] a session that began at a deployment that is refused goes on at another, and stays there', async () => {
  const session = {
    'session-id': 'the-session-of-this-test',
    'x-claude-code-session-id': 'the-session-of-this-test',
  };
  upstream.use(refusing(unknownKey));
  for (let turn = 0; turn < 4; turn += 1) expect((await ask('refused-once', session)).status).toBe(200);
  expect(upstream.requests.slice(-3).map(({ json }) => json?.['model'])).toEqual(Array(3).fill('gpt-5-mini'));
});

test('[SEC-3] a key that is not set is replaced by no other, where a form names the model', async () => {
  const body = new FormData();
  body.set('file', new Blob(['RIFF']), 'a.wav');
  body.set('model', 'keyless');
  await (await fetch(`${middleware.url}/v1/audio/transcriptions`, { method: 'POST', body })).text();
  expect(new Set(sentKeys)).toEqual(new Set(['Bearer the-key-is-not-set']));
});

test.each(['claude', 'quiet', 'my-claude', 'anthropic/claude-sonnet-4-5', 'hosted'])(
  '[RT-4] %s is called in the API of Claude, with its own search',
  async (model) => {
    expect((await ask(model)).status).toBe(200);
    const [{ url, json } = { url: '', json: undefined }] = upstream.requests;
    expect(url).toMatch(/^\/v1\/messages(?:\?|$)/);
    expect(JSON.stringify(json)).toContain('"cache_control"');
  },
);

test.each(['nobody', 'nowhere', 'gemini/of-nobody'])(
  '[RT-4] %s is no model, also where there are stars',
  async (model) => {
    const { status, text } = await ask(model);
    expect([status, text]).toEqual([404, expect.stringContaining(`there is no model \\"${model}\\"`)]);
    expect(text).toMatch(/there are (?:\S+, )*openai\/\*/);
  },
);

test(
  '[RT-1] of a LiteLLM that was killed the reason is told, and nothing that it said before',
  async () => {
    const killed = middleware.litellmPid();
    process.kill(killed, 'SIGKILL');
    const told = 'LiteLLM is not there: LiteLLM was ended by SIGKILL; trying again in 0.5 s';
    await until(() => middleware.lines.some(({ message }) => message === told), 30_000);
  },
  twoMinutes,
);
