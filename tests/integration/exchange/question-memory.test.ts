import { expect, test } from '@jest/globals';
import { callRaw } from '../../support/raw-client.ts';
import { settledMemory } from '../../support/settled-memory.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();
const size = 1_000_000;
const conversations = 20;

async function asks(session: number, content: string): Promise<void> {
  const long = { role: 'system', content: `${session} ${'x'.repeat(size)}` };
  const { body } = await callRaw(bench.middleware.port, {
    path: '/v1/chat/completions',
    headers: ['x-codex-plus-session', `s${session}`, 'x-codex-plus-workspace', bench.workspace],
    body: JSON.stringify({ model: 'm', messages: [long, { role: 'user', content }] }),
  });
  bench.upstream.forget();
  expect(body.toString()).toContain('Allow?');
}

async function expectBodiesLetGo(content: string): Promise<void> {
  for (let session = 0; session < 3; session += 1) await asks(session, content);
  const before = await settledMemory();
  for (let session = 3; session < conversations + 3; session += 1) await asks(session, content);
  expect((await settledMemory()) - before).toBeLessThan((conversations * size) / 4);
}

test('questions about commands that wait keep nothing of the bodies of their requests', async () => {
  const command = '---\nallowed-tools: Bash(echo:*), Bash(touch:*)\n---\nDeploy !`echo hi; touch ran`';
  await bench.file('project/.claude/commands/deploy.md', command);
  await expectBodiesLetGo('/deploy');
}, 60_000);

test('questions about calls that wait keep nothing of the bodies of their requests', async () => {
  await bench.hooks({}, undefined, { permissions: { ask: ['Bash(rm:*)'] } });
  bench.answers([{ kind: 'call', name: 'exec_command', arguments: { cmd: 'rm x' }, callId: 'c' }]);
  await expectBodiesLetGo('go');
}, 60_000);
