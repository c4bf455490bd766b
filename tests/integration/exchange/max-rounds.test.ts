import { expect, test } from '@jest/globals';
import type { Item } from '../../support/fake-upstream/step.ts';
import { callRaw, type RawAnswer } from '../../support/raw-client.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

const call = (index: number): Item => ({
  ...{ kind: 'call', name: 'exec_command', arguments: { cmd: 'rm x' } },
  callId: `c${String(index)}`,
});

function ask(): Promise<RawAnswer> {
  return callRaw(bench.middleware.port, {
    path: '/v1/responses',
    headers: ['x-codex-plus-workspace', bench.workspace],
    body: JSON.stringify({ model: 'm', stream: false, input: 'hi' }),
  });
}

test('a model may be refused as often as the limit says, and goes on in between [HK-2] [PX-4]', async () => {
  await bench.file('home/.claude/settings.json', JSON.stringify({ permissions: { deny: ['Bash(rm:*)'] } }));
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
