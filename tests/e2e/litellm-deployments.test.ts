import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream/fake-upstream.ts';
import { says } from '../support/fake-upstream/step.ts';
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
  - model_name: openai/*
    litellm_params: { model: openai/*, api_key: os.environ/OPENAI_API_KEY }
router_settings:
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
    env: { NO_SUCH_KEY: '' },
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

async function ask(model: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(`${middleware.url}/v1/responses`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
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
