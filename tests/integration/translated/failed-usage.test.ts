import { expect, test } from '@jest/globals';
import { call } from '../../support/checked-bench.ts';
import { deployment } from '../../support/deployments.ts';
import { status, type Step } from '../../support/fake-upstream/step.ts';
import { callRaw } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

const headers = (provider: string): string[] => [
  ...['x-litellm-model-name', `${provider}/its-own`, 'x-litellm-response-cost', '0.25'],
];

/** A call whose arguments break off. */
const half = status(
  200,
  {
    ...{ id: 'a', object: 'chat.completion', model: 'm' },
    choices: [
      {
        ...{ index: 0, finish_reason: 'tool_calls' },
        message: {
          ...{ role: 'assistant', content: null },
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'look', arguments: '{"a' } }],
        },
      },
    ],
    usage: { prompt_tokens: 70, completion_tokens: 7, total_tokens: 77 },
  },
  headers('gemini'),
);

/** A summary that the limit cut. */
const cut = status(
  200,
  {
    ...{ id: 'a', type: 'message', role: 'assistant', model: 'm', stop_reason: 'max_tokens' },
    content: [{ type: 'text', text: 'It was ab' }],
    usage: { input_tokens: 30, cache_read_input_tokens: 40, output_tokens: 7 },
  },
  headers('anthropic'),
);

const noJson: Step = {
  ...{ kind: 'bytes', pieces: [Buffer.from('no JSON')] },
  headers: ['content-type', 'application/json', ...headers('gemini')],
};

const responses = '/v1/responses';
const compact = '/v1/responses/compact';
const messages = '/v1/messages';

async function lineOf(path: string, code: number): Promise<Readonly<Record<string, unknown>> | undefined> {
  const said =
    path === messages ? { max_tokens: 9, messages: [{ role: 'user', content: 'go' }] } : { input: 'go' };
  const body = JSON.stringify({ model: 'm', ...said });
  const asked = ['x-codex-plus-workspace', bench.workspace];
  const answer = await callRaw(bench.middleware.port, { path, headers: asked, body });
  expect(answer.status).toBe(code);
  const line = (): Readonly<Record<string, unknown>> | undefined =>
    bench.middleware.lines.find(({ message }) => message === 'exchange');
  await until(() => line() !== undefined);
  return line();
}

async function metrics(): Promise<string> {
  const answer = await fetch(`${bench.middleware.url}/metrics`);
  return answer.text();
}

test.each([
  ['gemini', responses, 502, half],
  ['gemini', messages, 502, half],
  ['anthropic', compact, 502, cut],
] as const)(
  '[OBS-1] [RT-4] what an answer of %s used that is none for its client at %s is counted',
  async (provider, path, code, step) => {
    bench.upstream.deploys([deployment('m', provider)]);
    bench.answers(step);
    const used = { inputTokens: 70, outputTokens: 7, costUsd: 0.25 };
    expect(await lineOf(path, code)).toMatchObject({ ...used, provider, route: 'litellm' });
    const told = await metrics();
    expect(told).toMatch(new RegExp(`^codex_plus_tokens_total.*${provider}.*"input".* 70$`, 'm'));
    expect(told).toMatch(new RegExp(`^codex_plus_cost_usd_total.*${provider}.* 0\\.25$`, 'm'));
  },
);

test('[OBS-1] [RT-4] what an answer cost that cannot be read is counted', async () => {
  bench.upstream.deploys([deployment('m', 'gemini')]);
  bench.answers(noJson);
  expect(await lineOf(responses, 502)).toMatchObject({ costUsd: 0.25, provider: 'gemini' });
});

test.each([
  [responses, 502],
  [messages, 502],
] as const)(
  '[OBS-1] [RT-4] the rounds before an answer that failed are counted with it: %s',
  async (path, code) => {
    bench.upstream.deploys([deployment('m', 'gemini')]);
    await bench.file('home/.claude/settings.json', '{"permissions":{"deny":["Bash(rm:*)"]}}');
    const denied = call('exec_command', 'c1', { cmd: 'rm x' });
    const cost = { 'x-litellm-response-cost': '0.5', 'x-litellm-model-name': 'gemini/its-own' };
    bench.answers({ kind: 'answer', items: [denied], headers: cost }, half);
    const line = await lineOf(path, code);
    expect(line).toMatchObject({ inputTokens: 170, outputTokens: 17, costUsd: 0.75, modelCalls: 2 });
  },
);
