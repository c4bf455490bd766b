import { afterEach, describe, expect, test } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '../../support/is-running.ts';
import { fixture, poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';
import { onLinux } from '../../support/sandbox-fixture.ts';
import { until } from '../../support/until.ts';

let place: PoolPlace;
afterEach(() => place.close());

describe('a server', () => {
  test('is one process for ten sessions that ask at once, and ends with the pool [MCP-1]', async () => {
    place = poolPlace();
    const project = place.project({ one: fixture() });
    const pids = await Promise.all(Array.from({ length: 10 }, () => place.call(project, 'pid')));
    const [pid] = place.starts();
    expect(new Set(pids)).toEqual(new Set([String(pid)]));
    expect(place.starts()).toHaveLength(1);
    await place.pool.close();
    expect(isRunning(Number(pid))).toBe(false);
  });

  test('is another process in another workspace, with its folder and variables [MCP-1]', async () => {
    place = poolPlace({ env: { MINE: 'mine' } });
    const folders = ['a', 'b'].map((name) => join(place.folder, name));
    const told: unknown[] = [];
    for (const workspace of folders) {
      mkdirSync(workspace);
      const project = place.project({ one: fixture('good', { env: { OWN: 'own' } }) }, { workspace });
      told.push(JSON.parse(await place.call(project, 'place')));
    }
    expect(told).toEqual(
      folders.map((cwd): unknown => ({
        cwd,
        env: expect.objectContaining({ CLAUDE_PROJECT_DIR: cwd, OWN: 'own', MINE: 'mine' }),
      })),
    );
    expect(place.starts()).toHaveLength(2);
  });

  test('gets a variable that is not set as it is written, and the log names it [MCP-1]', async () => {
    place = poolPlace();
    const written = { env: { OWN: '${NOT_THERE}' } };
    const project = place.project({ one: fixture('good', written) });
    expect(JSON.parse(await place.call(project, 'place'))).toMatchObject({ env: { OWN: '${NOT_THERE}' } });
    const told = { level: 'warn', server: 'one', field: 'env.OWN', variable: 'NOT_THERE' };
    expect(place.lines.filter(({ variable }) => variable !== undefined)).toEqual([
      expect.objectContaining(told),
    ]);
  });

  test('that names its folder is one process for all workspaces [MCP-1]', async () => {
    place = poolPlace();
    const entries = { one: fixture('good', { cwd: place.folder }) };
    for (const workspace of ['/tmp', '/']) await place.call(place.project(entries, { workspace }), 'pid');
    expect(place.starts()).toHaveLength(1);
  });

  test('costs nothing until it is used, be there a hundred of them [MCP-1]', async () => {
    place = poolPlace();
    const names = Array.from({ length: 100 }, (_, index) => `server-${index}`);
    const project = place.project(
      Object.fromEntries(names.map((name) => [name, fixture('good', { env: { NAME: name } })])),
    );
    for (const name of names) expect(place.servers.stateOf(name, project)).toBeUndefined();
    expect(place.starts()).toEqual([]);
    await place.call(project, 'pid', {}, { server: 'server-7' });
    expect(place.starts()).toHaveLength(1);
  });

  test('ends when nobody used it for a while, and starts again [MCP-1]', async () => {
    place = poolPlace({ limits: { idleMs: 1 } });
    const project = place.project({ one: fixture() });
    await place.call(project, 'pid');
    const [pid] = place.starts();
    await until(() => !isRunning(Number(pid)));
    await until(() => place.servers.stateOf('one', project)?.state === 'idle');
    await place.call(project, 'pid');
    expect(place.starts()).toHaveLength(2);
  });

  test('makes place for another one where there are too many, if nobody uses it [MCP-1]', async () => {
    place = poolPlace({ limits: { maxRunning: 1 } });
    const project = place.project({ one: fixture(), two: fixture('good', { env: { NAME: 'two' } }) });
    await place.call(project, 'pid');
    await place.call(project, 'pid', {}, { server: 'two' });
    const [first, second] = place.starts().map(isRunning);
    expect([first, second]).toEqual([false, true]);
    const busy = place.call(project, 'hang', {}, { server: 'two' });
    await expect(place.call(project, 'pid')).rejects.toThrow('1 MCP servers are in use');
    const ended = expect(busy).rejects.toThrow('Codex-Plus stops');
    await place.pool.close();
    await ended;
  });
});

test('as many servers as there may be start at once, and the others are told to have no place [MCP-1]', async () => {
  place = poolPlace({ limits: { maxRunning: 2 } });
  const names = ['a', 'b', 'c', 'd'];
  const project = place.project(
    Object.fromEntries(names.map((name) => [name, fixture('good', { env: { NAME: name } })])),
  );
  const told = await Promise.allSettled(names.map((server) => place.call(project, 'pid', {}, { server })));
  expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
  const states = names.map((name) => place.servers.stateOf(name, project));
  const why = '2 MCP servers are in use, which is as many as there may be';
  expect(states.map((state) => state?.lastError)).toEqual([undefined, undefined, why, why]);
  expect(place.lines.filter(({ message }) => message === 'an MCP server failed')).toMatchObject([
    { server: 'c', reason: why },
    { server: 'd', reason: why },
  ]);
  // It is no fault of theirs, and they get a place once nobody uses the others.
  expect(await place.call(project, 'echo', { text: 'up' }, { server: 'd' })).toBe('up');
  expect(place.starts().filter(isRunning)).toHaveLength(2);
});

describe('what a server started', () => {
  test('ends with it, in whatever session it is [MCP-1]', async () => {
    place = poolPlace();
    const child = Number(await place.call(place.project({ one: fixture() }), 'fork'));
    expect(isRunning(child)).toBe(true);
    await place.pool.close();
    expect([...place.starts(), child].map(isRunning)).toEqual([false, false]);
  });

  onLinux('ends also where the server ended by itself, and before it is started again [MCP-1]', async () => {
    place = poolPlace();
    const project = place.project({ one: fixture() });
    const child = Number(await place.call(project, 'fork'));
    await expect(place.call(project, 'crash')).rejects.toThrow('ended with exit code 3');
    await place.call(project, 'pid');
    expect(isRunning(child)).toBe(false);
  });

  test('ends also where it does not heed SIGTERM [MCP-1]', async () => {
    place = poolPlace();
    await place.call(place.project({ one: fixture('ignore-sigterm') }), 'pid');
    await place.pool.close();
    expect(place.starts().map(isRunning)).toEqual([false]);
  });
});

test.each(['good', 'old'])(
  'the tools of a server that is %s are counted again when they change [MCP-1]',
  async (how) => {
    place = poolPlace();
    const project = place.project({ one: fixture(how) });
    const tools = () => place.servers.stateOf('one', project)?.tools?.length;
    // Also after it was started again.
    await expect(place.call(project, 'crash')).rejects.toThrow('ended with exit code 3');
    await place.call(project, 'pid');
    await until(() => tools() !== undefined);
    const before = Number(tools());
    await place.call(project, 'grow');
    await until(() => tools() === before + 1);
    expect(await place.call(project, 'grown')).toBe('grown');
  },
);

describe('which protocol a server speaks', () => {
  test('is taken for the older one where it is silent, by the same process [MCP-1]', async () => {
    place = poolPlace({ env: { MCP_TIMEOUT: '4000' } });
    const project = place.project({ one: fixture('silent-at-discover') });
    expect(await place.call(project, 'echo', { text: 'hello' })).toBe('hello');
    expect(place.servers.stateOf('one', project)).toMatchObject({ era: 'legacy' });
    expect(place.starts()).toHaveLength(1);
  });

  test('is asked again after a day [MCP-1]', async () => {
    let now = 0;
    place = poolPlace({ now: () => now });
    const project = place.project({ one: fixture('end-at-discover') });
    for (const at of [0, 1, 24 * 3_600_000 + 1]) {
      now = at;
      await expect(place.call(project, 'crash')).rejects.toThrow('ended with exit code 3');
      await place.call(project, 'pid');
      await expect(place.call(project, 'crash')).rejects.toThrow('ended with exit code 3');
    }
    // Two starts each time, and on either day one that ended at the question.
    expect(place.starts()).toHaveLength(3 * 2 + 2);
  });

  test.each([
    ['good', 'modern', 1],
    ['old', 'legacy', 1],
    // The first one ended at the question.
    ['end-at-discover', 'legacy', 2],
  ])('is found out of a server that is %s, and kept [MCP-1]', async (behaviour, era, starts) => {
    place = poolPlace();
    const project = place.project({ one: fixture(behaviour) });
    expect(await place.call(project, 'echo', { text: 'hello' })).toBe('hello');
    expect(place.servers.stateOf('one', project)).toMatchObject({ state: 'running', era });
    expect(place.starts()).toHaveLength(starts);
    await expect(place.call(project, 'crash')).rejects.toThrow('ended with exit code 3');
    expect(await place.call(project, 'echo', { text: 'again' })).toBe('again');
    expect(place.starts()).toHaveLength(starts + 1);
  });
});
