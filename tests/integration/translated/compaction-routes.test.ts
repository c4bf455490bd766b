import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says, type Step } from '../../support/fake-upstream/step.ts';
import { madeUpJwt } from '../../support/made-up-jwt.ts';
import { callRaw } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  const azure = { model_name: 'of-azure', litellm_params: { model: 'azure/gpt-5' }, model_info: {} };
  upstream.deploys([deployment('claude-3-5-sonnet', 'anthropic'), deployment('gpt-5', 'openai'), azure]);
  middleware = await composeMiddleware(upstream.url, {
    OPENAI_API_BASE: `${upstream.url}/v1`,
    OPENAI_API_KEY: 'sk-openai-real',
    ANTHROPIC_API_BASE: upstream.url,
    ANTHROPIC_API_KEY: 'sk-ant-real',
    CODEX_PLUS_CHATGPT_BASE_URL: `${upstream.url}/backend-api/codex`,
  });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.forget();
});

interface Route {
  readonly model: string;
  readonly isLitellmThere: boolean;
  readonly headers?: readonly string[];
  /** The provider's path of calls. */
  readonly path: string;
  /** Whether the provider sums up itself. */
  readonly sumsUp: boolean;
}

const [claude, gpt] = ['claude-3-5-sonnet', 'gpt-5'];
const routes: readonly (readonly [string, Route])[] = [
  [
    'the ChatGPT backend',
    {
      ...{ model: gpt, isLitellmThere: true, path: '/backend-api/codex/responses', sumsUp: true },
      headers: ['authorization', `Bearer ${madeUpJwt()}`],
    },
  ],
  ['Azure through LiteLLM', { model: 'of-azure', isLitellmThere: true, path: '/v1/responses', sumsUp: true }],
  [
    'what the environment has in the place of OpenAI, through LiteLLM',
    { model: gpt, isLitellmThere: true, path: '/v1/responses', sumsUp: false },
  ],
  [
    'what the environment has in the place of OpenAI',
    { model: gpt, isLitellmThere: false, path: '/v1/responses', sumsUp: false },
  ],
  ['Claude through LiteLLM', { model: claude, isLitellmThere: true, path: '/v1/messages', sumsUp: false }],
  ['Claude itself', { model: claude, isLitellmThere: false, path: '/v1/messages', sumsUp: false }],
];

const summary = 'The file is renamed.';
const said = [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'rename the file' }] }];
const user = { role: 'user', content: 'and now?' };

interface Answer {
  readonly output: readonly { readonly type: string; readonly encrypted_content: string }[];
}

describe.each(routes)('[PX-6] at %s', (_name, { model, isLitellmThere, headers = [], path, sumsUp }) => {
  beforeEach(() => {
    middleware.setLitellm(isLitellmThere ? upstream.url : undefined);
  });

  /** OpenAI answers with an item of its own, all others with a text. */
  const answers = (): void => {
    const item = { id: 'cmp_1', type: 'compaction', encrypted_content: 'gAAAAtheirs' };
    const native: Step = {
      ...{ kind: 'bytes', headers: ['content-type', 'application/json'] },
      pieces: [Buffer.from(JSON.stringify({ id: 'resp_1', object: 'response', output: [item] }))],
    };
    upstream.use(() => (sumsUp ? native : says(summary)));
  };

  const post = async (at: string, input: readonly object[]): Promise<{ text: string; sent: string }> => {
    const body = JSON.stringify({ model, input });
    const answer = await callRaw(middleware.port, { path: at, headers, body });
    expect(answer.status).toBe(200);
    const { url, raw } = upstream.requests.at(-1) ?? { url: undefined, raw: Buffer.alloc(0) };
    expect(url).toBe(sumsUp ? path + at.slice('/v1/responses'.length) : path);
    const sent = raw.toString();
    if (sumsUp) expect(sent).toBe(body);
    return { text: answer.body.toString(), sent };
  };

  test.each([
    ['its own path', '/v1/responses/compact', said],
    ['an item that asks for it', '/v1/responses', [...said, { type: 'compaction_trigger' }]],
  ])('a conversation is summed up by %s, and goes on from that', async (_way, at, input) => {
    answers();
    const { output } = JSON.parse((await post(at, input)).text) as Answer;
    expect(output.map(({ type }) => type)).toEqual(['compaction']);
    upstream.use(() => says('Done.'));
    const { sent } = await post('/v1/responses', [...output, user]);
    // OpenAI's item is read there alone, ours becomes words.
    expect(sent).toContain(sumsUp ? 'gAAAAtheirs' : summary);
  });
});

test.each([true, false])(
  '[PX-6] a summary of OpenAI is told of in words to Claude (with LiteLLM: %s)',
  async (isLitellmThere) => {
    middleware.setLitellm(isLitellmThere ? upstream.url : undefined);
    upstream.use(() => says('Done.'));
    const input = [{ type: 'compaction', encrypted_content: 'gAAAAtheirs' }, user];
    const body = JSON.stringify({ model: claude, input });
    const answer = await callRaw(middleware.port, { path: '/v1/responses', body });
    expect(answer.status).toBe(200);
    const sent = upstream.requests[0]?.raw.toString() ?? '';
    expect(sent).not.toContain('gAAAA');
    expect(sent).toContain('was summed up by another provider');
  },
);
