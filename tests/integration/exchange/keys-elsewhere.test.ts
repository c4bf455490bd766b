import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import OpenAI from 'openai';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { status, type Step } from '../../support/fake-upstream/step.ts';
import { callRaw, headerOf } from '../../support/raw-client.ts';

let litellm: FakeUpstream;
let middleware: ComposedMiddleware;
beforeAll(async () => {
  litellm = await startFakeUpstream();
  middleware = await composeMiddleware(litellm.url, { CODEX_PLUS_LITELLM_MODE: 'external' });
});
afterAll(async () => {
  await middleware.close();
  await litellm.close();
});

/** As LiteLLM 1.109.3 said them. */
const behind = "\n\nLiteLLM: model group 'm' failed with the error above. No fallback was attempted.";
const missing = [
  [
    500,
    'litellm.InternalServerError: InternalServerError: OpenAIException - Missing credentials. Please pass an `api_key`, `workload_identity`, `admin_api_key`, or set the `OPENAI_API_KEY` or `OPENAI_ADMIN_KEY` environment variable.',
  ],
  [
    401,
    'litellm.AuthenticationError: Missing Anthropic API Key - A call is being made to anthropic but no key is set either in the environment variables or via params.',
  ],
  [
    500,
    'litellm.APIConnectionError: Missing Gemini API key. Set the GEMINI_API_KEY or GOOGLE_API_KEY environment variable.',
  ],
] as const;
const told = /^the model "m" cannot be called: LiteLLM has no key of its provider; set the variable/;
const body = '{"model":"m","stream":true,"input":"hi","messages":[{"role":"user","content":"hi"}]}';

/** LiteLLM says how long its errors are. */
function sized(code: number, answer: unknown): Step {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return status(code, answer, ['content-length', `${Buffer.byteLength(text)}`]);
}

describe('a key that a LiteLLM elsewhere has not', () => {
  for (const [code, message] of missing) {
    test(`is a final error with what to do: ${code} ${message.slice(0, 60)}`, async () => {
      litellm.use(() => sized(code, { error: { message: message + behind, type: 'x', code: `${code}` } }));
      const codex = await callRaw(middleware.port, {
        ...{ path: '/v1/responses', body },
        headers: ['user-agent', 'codex_exec/0.171.0'],
      });
      expect([codex.status, headerOf(codex.headers, 'x-should-retry')]).toEqual([400, 'false']);
      expect(codex.body.toString()).toMatch(told);
      litellm.use(() => sized(code, { type: 'error', error: { type: 'api_error', message } }));
      const messages = await callRaw(middleware.port, { path: '/v1/messages', body });
      expect(JSON.parse(messages.body.toString())).toMatchObject({
        ...{ type: 'error', error: { type: 'invalid_request_error', message: expect.stringMatching(told) } },
      });
      const before = litellm.requests.length;
      const sdk = new OpenAI({ baseURL: `${middleware.url}/v1`, apiKey: 'x' });
      await expect(sdk.responses.create({ model: 'm', input: 'hi' })).rejects.toThrow(/has no key/);
      expect(litellm.requests.length - before).toBe(1);
    });
  }

  for (const [code, answer, as] of [
    [
      500,
      { error: { message: 'litellm.InternalServerError: it said: Missing Gemini API key. ' } },
      'provider_failed',
    ],
    [500, { error: { message: `Missing credentials. Please pass an \`api_key\`` } }, undefined],
    [
      401,
      { error: { message: 'litellm.AuthenticationError: Incorrect API key provided' } },
      'provider_key_refused',
    ],
    [400, { error: { message: missing[0][1] } }, 'refused_by_provider'],
    [500, 'Internal Server Error', undefined],
    [500, { error: { message: missing[0][1] + 'x'.repeat(70_000) } }, 'provider_failed'],
  ] as const) {
    test(`is not taken from another error: ${code} ${JSON.stringify(answer).slice(0, 70)}`, async () => {
      litellm.use(() => sized(code, answer));
      const got = await callRaw(middleware.port, { path: '/v1/responses', body });
      const text = got.body.toString();
      expect(got.isWhole).toBe(true);
      expect(text).not.toContain('has no key of its provider');
      if (as !== undefined) expect(JSON.parse(text)).toMatchObject({ error: { code: as } });
      else
        expect([got.status, text]).toEqual([
          code,
          typeof answer === 'string' ? answer : JSON.stringify(answer),
        ]);
    });
  }
});
