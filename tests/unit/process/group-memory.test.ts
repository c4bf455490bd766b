import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from '@jest/globals';
import { groupMemory } from '../../../middleware/platform/process/group-memory.ts';
import { until } from '../../support/until.ts';

let child: ChildProcess | undefined;

afterEach(async () => {
  if (child?.pid === undefined) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGKILL');
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
  const held = (await groupMemory(group)) ?? 0;
  expect(held).toBeGreaterThan(0);
  expect(held).toBeLessThan(resident / 2);
});
