import { expect, test } from '@jest/globals';
import { codexTurn, ranCommand, user, type Item } from '../../support/codex-turns.ts';
import { says } from '../../support/fake-upstream/step.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

const call = (cmd: string, callId: string) =>
  ({ kind: 'call', name: 'exec_command', arguments: { cmd }, callId }) as const;

function turn(input: readonly Item[], metadata: object = {}): Promise<string> {
  const { workspace } = bench;
  return codexTurn(bench.middleware.port, { session: 's1', workspace, input, metadata });
}

test('a batch of a subagent leaves the refused calls of the user’s turn to the batch of that [HK-1]', async () => {
  const PreToolUse = 'grep -q "rm -r" && { echo "not that" >&2; exit 2; } || true';
  await bench.hooks({ PreToolUse, PostToolBatch: bench.keeps('in') });
  bench.upstream.use((_, index) =>
    index === 0 ? { kind: 'answer', items: [call('rm -r x', 'c1'), call('ls', 'c2')] } : says('done'),
  );
  await turn([user('work', 'm1')]);
  const agent = { thread_source: 'subagent', thread_id: 't2', subagent_kind: 'collab_spawn' };
  await turn([user('task', 'm2'), ...ranCommand('pwd', 's1')], agent);
  await turn([user('work', 'm1'), ...ranCommand('ls', 'c2')]);
  const batches = (await bench.kept('in')).map(({ tool_calls: of }) =>
    (of as readonly { readonly tool_use_id: string }[]).map(({ tool_use_id: id }) => id),
  );
  expect(batches).toEqual([['s1'], ['c1', 'c2']]);
});
