import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sealOriginal, sealSummary } from '../../../middleware/protocol/translation/original.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { atOpenai, deployment } from '../../support/deployments.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says, status } from '../../support/fake-upstream/step.ts';
import { madeUpJwt } from '../../support/made-up-jwt.ts';
import { callRaw, type RawAnswer } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.deploys([deployment('gpt', 'openai', atOpenai), deployment('claude', 'anthropic')]);
  middleware = await composeMiddleware(upstream.url, {
    OPENAI_API_BASE: `${upstream.url}/v1`,
    OPENAI_API_KEY: 'sk-openai-real',
    CODEX_PLUS_CHATGPT_BASE_URL: `${upstream.url}/backend-api/codex`,
  });
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.forget();
  middleware.setLitellm(upstream.url);
});

const foreign = { type: 'reasoning', summary: [], encrypted_content: 'gAAAAforeign' };
const sealed = {
  type: 'reasoning',
  summary: [],
  encrypted_content: sealOriginal({
    origin: 'anthropic',
    blocks: [{ type: 'thinking', thinking: 'Hm.', signature: 'signed' }],
  }),
};
const summary = { type: 'compaction', encrypted_content: sealSummary('The file is renamed.') };
const user = { role: 'user', content: 'and now?' };
const refused = status(400, {
  error: {
    message:
      'litellm.BadRequestError: OpenAIException - {"error":{"message":"The encrypted content gAAA...eign could not be verified.","type":"invalid_request_error","param":null,"code":"invalid_encrypted_content"}}\n\nLiteLLM: model group \'gpt\' failed with the error above.',
  },
});

function ask(model: string, input: readonly object[], headers: readonly string[] = []): Promise<RawAnswer> {
  const body = JSON.stringify({ model, input });
  return callRaw(middleware.port, { path: '/v1/responses', headers, body });
}

function sent(index: number): unknown {
  return upstream.requests.at(index)?.json?.['input'];
}

describe('[RT-5] what only one deployment can read', () => {
  test('goes to OpenAI as it came, and once more without it where OpenAI cannot read it', async () => {
    upstream.use((_seen, index) => (index === 0 ? refused : says('Done.')));
    const answer = await ask('gpt', [foreign, user]);
    expect([answer.status, upstream.requests.length]).toEqual([200, 2]);
    expect([sent(0), sent(1)]).toEqual([[foreign, user], [user]]);
  });

  test('is never tried a third time', async () => {
    upstream.use(() => refused);
    const answer = await ask('gpt', [foreign, user]);
    expect([answer.status, upstream.requests.length]).toEqual([400, 2]);
  });

  test('is left out of nothing where there is none, and where something else is refused', async () => {
    upstream.use(() => refused);
    await ask('gpt', [user]);
    expect(upstream.requests).toHaveLength(1);
    upstream.forget();
    upstream.use(() => status(400, { error: { message: 'Unknown parameter', code: 'unknown_parameter' } }));
    const answer = await ask('gpt', [foreign, user]);
    expect([answer.status, upstream.requests.length]).toEqual([400, 1]);
    expect(answer.body.toString()).toBe(
      '{"error":{"message":"Unknown parameter","code":"unknown_parameter"}}',
    );
  });
});

test('[RT-5] what OpenAI encrypted for a client of the Messages API goes back, and is left out once where it is refused', async () => {
  upstream.use((_seen, index) => (index === 0 ? refused : says('Done.')));
  const blocks = [{ encrypted_content: 'gAAAAforeign' }];
  const signature = sealOriginal({ origin: 'openai', provider: 'openai', blocks });
  const content = [
    { type: 'thinking', thinking: 'Hm.', signature },
    { type: 'text', text: 'It is.' },
  ];
  const messages = [user, { role: 'assistant', content }, user];
  const body = JSON.stringify({ model: 'gpt', max_tokens: 100, messages });
  const answer = await callRaw(middleware.port, { path: '/v1/messages', body });
  expect(answer.status).toBe(200);
  const kinds = [0, 1].map((index) =>
    (sent(index) as { type: string; encrypted_content?: string }[]).map(
      (item) => item.encrypted_content ?? item.type,
    ),
  );
  expect(kinds).toEqual([
    ['message', 'gAAAAforeign', 'message', 'message'],
    ['message', 'message', 'message'],
  ]);
});

describe.each([
  ['the ChatGPT backend', '/backend-api/codex/responses', ['authorization', `Bearer ${madeUpJwt()}`]],
  ['a provider that is called without LiteLLM', '/v1/responses', []],
] as const)('[RT-5] a conversation with what others made, for %s', (_name, path, headers) => {
  beforeEach(() => {
    middleware.setLitellm(undefined);
  });

  test('goes without it, a summary of ours in words, and once more without foreign blobs', async () => {
    const openais = status(400, { error: { message: 'no', code: 'invalid_encrypted_content' } });
    upstream.use((_seen, index) => (index === 0 ? openais : says('Done.')));
    const answer = await ask('gpt5-high', [summary, sealed, foreign, user], headers);
    expect(upstream.requests.map(({ url }) => url)).toEqual([path, path]);
    expect(answer.status).toBe(200);
    const words = expect.objectContaining({ type: 'message', role: 'user' });
    expect([sent(0), sent(1)]).toEqual([
      [words, foreign, user],
      [words, user],
    ]);
    expect(JSON.stringify(sent(1))).toContain('The file is renamed.');
  });

  test('goes without the marks of LiteLLM, and every byte of it that is not marked stays', async () => {
    upstream.use(() => says('Done.'));
    const mark = (text: string): string => Buffer.from(text).toString('base64');
    const marked = {
      ...{ type: 'reasoning', summary: [] },
      id: `encitem_${mark('litellm:model_id:abc;item_id:rs_1')}`,
      encrypted_content: `litellm_enc:${mark('model_id:abc')};gAAAAown;x`,
    };
    const odd = '{ "type":"reasoning",  "encrypted_content":"litellm_enc" }';
    const body = `{"model":"gpt5-high","input":[${JSON.stringify(marked)}, ${odd},${JSON.stringify(user)}]}`;
    await callRaw(middleware.port, { path: '/v1/responses', headers, body });
    const original = { ...marked, id: 'rs_1', encrypted_content: 'gAAAAown;x' };
    expect(upstream.requests[0]?.json?.['input']).toEqual([original, JSON.parse(odd), user]);
    expect(upstream.requests[0]?.raw.toString()).toContain(odd);
  });

  test('is never sent a third time', async () => {
    const openais = status(400, { error: { message: 'no', code: 'invalid_encrypted_content' } });
    upstream.use(() => openais);
    const answer = await ask('gpt5-high', [foreign, user], headers);
    expect([answer.status, upstream.requests.length]).toEqual([400, 2]);
  });
});

describe('[RT-4] what is kept in a conversation for other providers', () => {
  test('does not go to OpenAI, and a summary of ours goes in words', async () => {
    upstream.use(() => says('Done.'));
    await ask('gpt', [summary, sealed, foreign, user]);
    const [words, ...rest] = sent(0) as readonly object[];
    expect(words).toMatchObject({ type: 'message', role: 'user' });
    expect(JSON.stringify(words)).toContain('The file is renamed.');
    expect(rest).toEqual([foreign, user]);
  });

  test('goes back to the provider that it is of, which does not get what others made', async () => {
    upstream.use(() => says('Done.'));
    await ask('claude', [user, sealed, foreign, { role: 'assistant', content: 'It is.' }, user]);
    const raw = upstream.requests[0]?.raw.toString() ?? '';
    expect(raw).not.toContain('gAAAA');
    expect(raw).not.toContain('codex-plus.1.');
  });

  test('does not keep a request from going on byte for byte that has none of it', async () => {
    upstream.use(() => says('Done.'));
    const body = '{ "model":"gpt",  "input": [ {"role":"user","content":"codex-plus.1 \\u0041"} ] }';
    await callRaw(middleware.port, { path: '/v1/responses', body });
    expect(upstream.requests[0]?.raw.toString()).toBe(body);
  });
});

test('[PX-2] a refusal that is longer than any of OpenAI goes on whole, and nothing is tried again', async () => {
  const message = 'x'.repeat(1_000_000);
  upstream.use(() => status(400, { error: { message } }));
  const answer = await ask('gpt', [foreign, user]);
  expect(JSON.parse(answer.body.toString())).toEqual({ error: { message } });
  expect(upstream.requests).toHaveLength(1);
});
