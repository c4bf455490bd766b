import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import type { ProjectSnapshot } from '../../../middleware/platform/config/scopes/project-snapshot.ts';
import { fixture, poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';
import { until } from '../../support/until.ts';

let place: PoolPlace;
afterEach(() => place.close());

/** A server that starts only while a file is there. */
function startsWith(file: string): JsonObject {
  const { command, args } = fixture() as { readonly command: string; readonly args: readonly string[] };
  const line = `test -e "$0" || { echo it is down >&2; exit 1; }; exec "$@"`;
  return { command: '/bin/sh', args: ['-c', line, file, command, ...args] };
}

/** What the next turn is offered. */
async function offered(project: ProjectSnapshot): Promise<number | undefined> {
  const wait = { waitMs: 10_000, signal: new AbortController().signal };
  return (await place.servers.tools('one', { project, conversation: 'c' }, wait))?.length;
}

const failures = (): number => place.pool.figures().servers[0]?.failures ?? 0;

test('a server that did not start is asked by the next turn and offered in the one after [MCP-5]', async () => {
  // No time goes by.
  place = poolPlace({ now: () => 0 });
  const file = join(place.folder, 'up');
  const project = place.project({ one: startsWith(file) });
  expect(await offered(project)).toBeUndefined();
  expect(failures()).toBe(1);
  writeFileSync(file, '');
  expect(await offered(project)).toBeUndefined();
  await until(() => place.servers.stateOf('one', project)?.tools !== undefined);
  expect(await offered(project)).toBeGreaterThan(0);
  expect(failures()).toBe(0);
});

test('a server that never starts is asked by three turns, and then by one after each rest [MCP-5]', async () => {
  let now = 0;
  place = poolPlace({ now: () => now });
  const file = join(place.folder, 'up');
  const project = place.project({ one: startsWith(file) });
  const turn = async (): Promise<void> => {
    const before = failures();
    expect(await offered(project)).toBeUndefined();
    await until(() => failures() > before && place.servers.stateOf('one', project)?.state !== 'starting');
  };
  for (let at = 0; at < 3; at += 1) await turn();
  for (let at = 0; at < 3; at += 1) expect(await offered(project)).toBeUndefined();
  expect(failures()).toBe(3);
  now = 60_000;
  await turn();
  expect(await offered(project)).toBeUndefined();
  expect([failures(), place.servers.stateOf('one', project)?.state]).toEqual([4, 'resting']);
});
