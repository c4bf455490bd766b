import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { status, streams } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';

let folder: string;
let litellm: FakeUpstream;
let middleware: ComposedMiddleware;

const own = { api_base: 'http://127.0.0.1:9/v1' };
const config = `model_list:
  - { model_name: claude, litellm_params: { model: anthropic/claude-sonnet-4-5 } }
  - { model_name: gemini, litellm_params: { model: gemini/gemini-3.1-pro-preview, api_base: "${own.api_base}" } }
  - { model_name: gpt, litellm_params: { model: openai/gpt-5.5, api_base: "${own.api_base}" } }
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'words-'));
  const configFile = join(folder, 'litellm_config.yaml');
  await writeFile(configFile, config);
  litellm = await startFakeUpstream();
  litellm.deploys([
    deployment('claude', 'anthropic'),
    deployment('gemini', 'gemini', own),
    deployment('gpt', 'openai', own),
  ]);
  middleware = await composeMiddleware(litellm.url, { CODEX_PLUS_LITELLM_CONFIG: configFile });
});

afterAll(async () => {
  await middleware.close();
  await litellm.close();
  await rm(folder, { recursive: true });
});

const paths = ['/v1/responses', '/v1/chat/completions', '/v1/messages'] as const;
/** The calls of each model, translated or not. */
const ways = paths.flatMap((path) =>
  (['claude', 'gemini', 'gpt'] as const).map((model) => ({ path, model })),
);

interface Told {
  readonly status: number;
  readonly error: unknown;
}

async function told({ path, model }: (typeof ways)[number], stream = true): Promise<Told> {
  const messages = [{ role: 'user', content: 'hi' }];
  const said = path === '/v1/responses' ? { input: 'hi' } : { messages, max_tokens: 9 };
  const body = JSON.stringify({ model, stream, ...said });
  const answer = await callRaw(middleware.port, { path, body });
  const last = answer.body
    .toString()
    .split('\n')
    .findLast((line) => line.includes('"error"'));
  const event = JSON.parse((last ?? '{}').replace(/^data: /, '')) as {
    error?: unknown;
    response?: { error?: unknown };
  };
  return { status: answer.status, error: event.error ?? event.response?.error };
}

/** As they say who was called. */
const who = {
  claude: ['the provider', ' (it was called for "claude")'],
  gemini: [`the server of "gemini" (the api_base of its entry in LiteLLM's file)`, ''],
  gpt: [`the server of "gpt" (the api_base of its entry in LiteLLM's file)`, ''],
} as const;

const sentences = [
  [
    'litellm.APIConnectionError: openai closed the responses stream before any terminal event (response.completed, response.incomplete or response.failed)',
    500,
    'stream_incomplete',
    (name: string) => `the answer of ${name} ended before it was whole`,
  ],
  [
    'litellm.APIConnectionError: APIConnectionError: OpenAIException - Stream ended before a finish_reason was received',
    500,
    'stream_incomplete',
    (name: string) => `the answer of ${name} ended before it was whole`,
  ],
  [
    'litellm.Timeout: APITimeoutError - Request timed out. Error_str: Timeout on reading data from socket',
    408,
    'upstream_timeout',
    (name: string) => `${name} did not answer in time`,
  ],
  [
    'litellm.InternalServerError: InternalServerError: OpenAIException - Connection error.',
    500,
    undefined,
    (name: string) => `${name} could not be reached`,
  ],
] as const;

describe.each(sentences)(
  '[RT-4] what LiteLLM says of an answer that is none: %s',
  (words, code, known, say) => {
    const error = { message: words, type: 'None', param: 'None', code: String(code) };
    const ofLitellm: Readonly<Record<string, unknown>> = {
      '/v1/responses': { type: 'response.failed', response: { id: 'r', status: 'failed', error } },
      '/v1/messages': { type: 'error', error },
    };

    test.each(ways)(
      'is told in plain words, with who was called, within a stream: $path $model',
      async (way) => {
        // LiteLLM is called in the API of the provider.
        litellm.use(({ url }) => {
          const api = paths.find((each) => url.startsWith(each)) ?? '';
          return streams([`data: ${JSON.stringify(ofLitellm[api] ?? { error })}\n\n`]);
        });
        const [name, behind] = who[way.model];
        const answer = await told(way);
        expect(answer.error).toMatchObject({
          message: say(name) + behind,
          ...(known === undefined ? {} : { code: known }),
        });
      },
    );

    test.each(ways)('and before one: $path $model', async (way) => {
      litellm.use(() => status(code, { error }));
      const [name, behind] = who[way.model];
      for (const stream of [true, false])
        expect(await told(way, stream)).toMatchObject({
          status: code === 408 ? 504 : 502,
          error: { message: say(name) + behind, code: known ?? 'provider_failed' },
        });
    });
  },
);

test.each(['/v1/responses', '/v1/messages'] as const)(
  '[RT-4] a whole answer that is half says whose it is: %s',
  async (path) => {
    const choice = { index: 0, message: { content: 'a' }, finish_reason: 'network_error' };
    litellm.use(() => status(200, { id: 'c', choices: [choice] }));
    const { error } = await told({ path, model: 'gemini' }, false);
    expect(error).toMatchObject({
      code: 'stream_incomplete',
      message: `the answer broke off at ${who.gemini[0]}`,
    });
  },
);

test.each(ways)('[RT-4] a stream that ends without a word is told so: $path $model', async (way) => {
  litellm.use(() => streams([': waiting\n\n'], { pauseMs: 5 }));
  const [name, behind] = who[way.model];
  const { error } = await told(way);
  const { message } = error as { message: string };
  expect([
    `${name} answered with nothing at all${behind}`,
    `the answer of ${name} ended before it was whole${behind}`,
  ]).toContain(message);
  expect(error).toMatchObject({ code: 'stream_incomplete' });
});
