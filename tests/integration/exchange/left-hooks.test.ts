import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { codexBody, ranCommand, user, type Item } from '../../support/codex-turns.ts';
import { useHookBench } from '../../support/hook-bench.ts';
import { openRaw } from '../../support/raw-client.ts';
import { until } from '../../support/until.ts';

describe('a client that leaves while a hook runs, and comes again', () => {
  const bench = useHookBench();

  const later = 'when the hook was ended';
  const both = ['at once', later];

  /** A hook that says nothing the first time, until it is ended, and from then on what it has to. */
  const slowFirst = (says: string): string =>
    `if [ -e ${bench.folder}/begun ]; then ${says}; else touch ${bench.folder}/begun; sleep 60; fi`;

  const leave = async (input: readonly Item[], waits: boolean): Promise<void> => {
    const told = { session_id: 's1', request_kind: 'turn', workspaces: { [bench.workspace]: {} } };
    const headers = ['user-agent', 'codex_exec/0.169.0', 'x-codex-turn-metadata', JSON.stringify(told)];
    const socket = await openRaw(bench.middleware.port, {
      ...{ path: '/v1/responses', headers: [...headers, 'content-type', 'application/json'] },
      body: codexBody(input),
    });
    await until(() =>
      access(join(bench.folder, 'begun')).then(
        () => true,
        () => false,
      ),
    );
    socket.destroy();
    await once(socket, 'close');
    if (waits) await until(() => bench.middleware.runs().length > 0);
  };

  test.each(both)(
    'does not get its tool’s output past a hook that changes it (%s) [HK-1] [SEC-1]',
    async (when) => {
      const updatedToolOutput = { stdout: 'hidden', stderr: '', interrupted: false };
      const says = JSON.stringify({
        hookSpecificOutput: { hookEventName: 'PostToolUse', updatedToolOutput },
      });
      await bench.hooks({ PostToolUse: slowFirst(`echo '${says}'`) });
      const input = [user('hi', 'm1'), ...ranCommand('cat key', 'c1', 0, 'sk-secret\n')];
      await leave(input, when === later);
      await bench.turn(input);
      expect(JSON.stringify(bench.sent())).toContain('hidden');
      expect(JSON.stringify(bench.sent())).not.toContain('sk-secret');
    },
  );

  test.each(both)('does not get its prompt past a hook that refuses it (%s) [HK-1] [SEC-1]', async (when) => {
    await bench.hooks({ UserPromptSubmit: slowFirst('echo "not this" >&2; exit 2') });
    await leave([user('hi', 'm1')], when === later);
    expect(await bench.turn([user('hi', 'm1')])).toContain('not this');
    expect(bench.upstream.requests).toHaveLength(0);
  });

  test('has what its session begins with [HK-1]', async () => {
    await bench.hooks({ SessionStart: slowFirst('echo "the rules"') });
    await leave([user('hi', 'm1')], true);
    await bench.turn([user('hi', 'm1')]);
    expect(JSON.stringify(bench.sent())).toContain('the rules');
  });
});
