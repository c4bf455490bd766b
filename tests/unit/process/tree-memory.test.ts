import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from '@jest/globals';
import { signalProcesses, treeOf } from '../../../middleware/platform/process/process-tree.ts';
import { treeMemory } from '../../../middleware/platform/process/tree-memory.ts';
import { until } from '../../support/until.ts';

let child: ChildProcess | undefined;

afterEach(async () => {
  if (child?.pid === undefined) return;
  const ended = once(child, 'exit');
  await signalProcesses(await treeOf(child.pid), 'SIGKILL');
  await ended;
});

/** What is resident of each process of a group, in bytes. */
function residentIn(group: number): readonly number[] {
  return execFileSync('ps', ['-A', '-o', 'pgid=,rss=,args='])
    .toString()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([of, , program]) => Number(of) === group && program === 'sleep')
    .map(([, kb]) => Number(kb) * 1024);
}

test('the memory of a group has what its processes share once', async () => {
  child = spawn('/bin/sh', ['-c', 'for each in $(seq 20); do sleep 600 & done; wait'], { detached: true });
  const group = child.pid ?? 0;
  await until(() => residentIn(group).length === 20);
  const resident = residentIn(group).reduce((sum, bytes) => sum + bytes, 0);
  const held = (await treeMemory(group)) ?? 0;
  expect(held).toBeGreaterThan(0);
  expect(held).toBeLessThan(resident / 2);
});

test('what a process started in a session of its own counts', async () => {
  // `tail` holds what it reads until that ends.
  const holds = '(head -c 60000000 /dev/zero; sleep 600) | tail -c 60000000';
  child = spawn('/bin/sh', ['-c', `setsid sh -c '${holds}' & wait`], { detached: true, stdio: 'ignore' });
  const { pid = 0 } = child;
  await until(async () => ((await treeMemory(pid)) ?? 0) > 60_000_000);
});
