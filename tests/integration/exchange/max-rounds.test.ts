import { expect, test } from '@jest/globals';
import type { Item } from '../../support/fake-upstream/step.ts';
import { scriptedUsage } from '../../support/fake-upstream/shapes.ts';
import { until } from '../../support/until.ts';
import { callRaw, type RawAnswer } from '../../support/raw-client.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

const call = (index: number): Item => ({
  ...{ kind: 'call', name: 'exec_command', arguments: { cmd: 'rm x' } },
  callId: `c${String(index)}`,
});

const denied = JSON.stringify({ permissions: { deny: ['Bash(rm:*)'] } });
const messages = [{ role: 'user', content: 'hi' }];
const apis = [
  ['/v1/responses', { input: 'hi' }],
  ['/v1/chat/completions', { messages }],
  ['/v1/messages', { messages, max_tokens: 9 }],
] as const;

function ask(
  [path, more]: (typeof apis)[number] = apis[0],
  stream = false,
  headers: readonly string[] = [],
): Promise<RawAnswer> {
  return callRaw(bench.middleware.port, {
    ...{ path, headers: ['x-codex-plus-workspace', bench.workspace, ...headers] },
    body: JSON.stringify({ model: 'm', stream, ...more }),
  });
}

test('a model may be refused as often as the limit says, and goes on in between [HK-2] [PX-4]', async () => {
  await bench.file('home/.claude/settings.json', denied);
  const refused = Array.from({ length: 12 }, (_, index): readonly Item[] => [call(index)]);
  bench.answers(...refused, [{ kind: 'text', text: 'I give up.' }]);
  expect((await ask()).body.toString()).toContain('I give up.');
  expect(bench.upstream.requests).toHaveLength(13);

  await bench.restart({ CODEX_PLUS_MAX_ROUNDS: '3' });
  bench.upstream.forget();
  const ended = await ask();
  expect(ended.status).toBe(400);
  expect(ended.body.toString()).toContain('limits.maxRounds');
  expect(bench.upstream.requests).toHaveLength(3);
});

test.each(apis.flatMap((api) => [true, false].map((stream) => [...api, stream] as const)))(
  'an answer that ends so names its code, and what it used and cost counts: %s %j, streamed: %s [HK-2] [OBS-1]',
  async (path, more, stream) => {
    await bench.file('home/.claude/settings.json', denied);
    await bench.restart({ CODEX_PLUS_MAX_ROUNDS: '2' });
    bench.upstream.use((_seen, index) => ({
      ...{ kind: 'answer', items: [call(index)], turn: index },
      headers: { 'x-litellm-response-cost': '0.25' },
    }));
    const ended = await ask([path, more] as (typeof apis)[number], stream);
    expect(ended.body.toString()).toContain('"code":"too_many_rounds"');
    const lines = (): typeof bench.middleware.lines =>
      bench.middleware.lines.filter(({ message }) => message === 'exchange');
    await until(() => lines().length > 0);
    expect(lines()[0]).toMatchObject({
      ...{ error: 'too_many_rounds', ending: 'ended-here', modelCalls: 2, refusedCalls: 2, costUsd: 0.5 },
      inputTokens: 2 * scriptedUsage.input,
      outputTokens: 2 * scriptedUsage.output,
    });
  },
);

test('Codex is told so in words, by a code that it does not try again [HK-2] [PX-4]', async () => {
  await bench.file('home/.claude/settings.json', denied);
  await bench.restart({ CODEX_PLUS_MAX_ROUNDS: '2' });
  bench.upstream.use((_seen, index) => ({ kind: 'answer', items: [call(index)], turn: index }));
  const ended = await ask(apis[0], true, ['user-agent', 'codex_exec/0.171.0']);
  expect(ended.body.toString()).toMatch(/"code":"invalid_prompt","message":"[^"]*\(too_many_rounds\)"/);
});
