import { expect, test } from '@jest/globals';
import { user } from '../../support/codex-turns.ts';
import { useHookBench } from '../../support/hook-bench.ts';
import { callRaw } from '../../support/raw-client.ts';

const bench = useHookBench();

test('a command knows the effort that the request asks for, and its own over it [CMD-2]', async () => {
  await bench.file('project/.claude/commands/plain.md', 'At ${CLAUDE_EFFORT}.');
  await bench.file('project/.claude/commands/deep.md', '---\neffort: high\n---\nAt ${CLAUDE_EFFORT}.');
  for (const [name, effort] of [
    ['plain', 'low'],
    ['deep', 'high'],
  ] as const) {
    await callRaw(bench.middleware.port, {
      path: '/v1/responses',
      headers: ['x-codex-plus-workspace', bench.workspace, 'content-type', 'application/json'],
      body: JSON.stringify({ model: 'gpt-5', reasoning: { effort: 'low' }, input: [user(`/${name}`, name)] }),
    });
    expect(JSON.stringify(bench.sent())).toContain(`At ${effort}.`);
  }
});
