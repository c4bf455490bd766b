import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { says } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;

function serves(name: string, model: string, info: object = {}, params: object = {}): object {
  return {
    ...{ model_name: name, litellm_params: { model, ...params } },
    model_info: { mode: 'chat', supports_reasoning: true, ...info },
  };
}

/** As LiteLLM's list has GPT-5.1. */
const told = {
  supports_none_reasoning_effort: true,
  supports_minimal_reasoning_effort: false,
  supports_xhigh_reasoning_effort: false,
};

beforeAll(async () => {
  upstream = await startFakeUpstream();
  upstream.deploys([
    serves('gemini', 'gemini/gemini-3-pro-preview'),
    serves('grok', 'xai/grok-4.3'),
    serves('deepseek', 'deepseek/deepseek-v4-pro'),
    serves('gpt-told', 'openai/gpt-5.1', told),
    serves('gpt-untold', 'openai/gpt-9'),
    serves('copilot', 'github_copilot/gpt-9'),
    serves('own', 'openai/qwen', {}, { api_base: 'http://127.0.0.1:8000/v1' }),
    serves('own-told', 'openai/qwen', { reasoning_effort_levels: ['none', 'high'] }),
    serves('no-list', 'mistral/x', { reasoning_effort_levels: [] }),
    serves('plain', 'mistral/y', { supports_reasoning: false }),
    serves('claude-there', 'databricks/databricks-claude-sonnet-4-5'),
    ...['gemini/gemini-3-pro-preview', 'openai/gpt-9'].map((model) => serves('mixed', model)),
  ]);
  middleware = await composeMiddleware(upstream.url);
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
});

beforeEach(() => {
  upstream.forget();
  upstream.use(() => says('Done.'));
});

function bodyWith(model: string, effort: string): string {
  return `{ "model":"${model}",  "reasoning_effort" : ${effort} , "messages": [ {"role":"user","content":"\\u0041"} ] }`;
}

async function sentFor(body: string): Promise<string | undefined> {
  await callRaw(middleware.port, { path: '/v1/chat/completions', body });
  return upstream.requests[0]?.raw.toString();
}

describe('[RT-4] the effort that a client of chats asks for', () => {
  test.each([
    ['gemini', 'xhigh', 'high'],
    ['gemini', 'max', 'high'],
    ['gemini', 'minimal', 'low'],
    ['grok', 'none', 'low'],
    ['grok', 'minimal', 'low'],
    ['grok', 'xhigh', 'high'],
    ['grok', 'max', 'high'],
    ['deepseek', 'minimal', 'low'],
    ['deepseek', 'xhigh', 'high'],
    ['deepseek', 'max', 'high'],
    ['gpt-told', 'xhigh', 'high'],
    ['gpt-told', 'minimal', 'low'],
    ['own-told', 'medium', 'high'],
  ])(
    'is the nearest that the model takes, and every other byte stays: %s %s',
    async (model, asked, taken) => {
      expect(await sentFor(bodyWith(model, `"${asked}"`))).toBe(bodyWith(model, `"${taken}"`));
    },
  );

  test.each([
    ...['none', 'low', 'high'].flatMap((effort) => [
      ['gemini', effort],
      ['deepseek', effort],
    ]),
    ...[
      ['grok', 'high'],
      ['gpt-told', 'none'],
    ],
    // Nobody says which those take.
    ...['gpt-untold', 'copilot', 'own', 'no-list', 'plain', 'mixed'].map((model) => [model, 'xhigh']),
    // It thinks where it is asked to alone.
    ['claude-there', 'none'],
    ['gemini', 'default'],
  ])('goes as it is where the model takes it or nobody knows: %s %s', async (model, effort) => {
    const body = bodyWith(model, `"${effort}"`);
    expect(await sentFor(body)).toBe(body);
  });

  test.each(['null', '5', '{"effort":"max"}'])('stays where it is no word: %s', async (effort) => {
    expect(await sentFor(bodyWith('gemini', effort))).toBe(bodyWith('gemini', effort));
  });
});
