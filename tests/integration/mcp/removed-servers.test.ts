import { afterEach, describe, expect, test } from '@jest/globals';
import type { ProjectSnapshot } from '../../../middleware/platform/config/scopes/project-snapshot.ts';
import { isRunning } from '../../support/is-running.ts';
import { fixture, poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';
import { until } from '../../support/until.ts';

let place: PoolPlace;
afterEach(() => place.close());

describe('a process of a server', () => {
  test.each([
    ['was removed', {}],
    ['is defined in another way', { one: fixture('good', { env: { OTHER: '1' } }) }],
  ])('that %s ends with the next look at what is configured [MCP-1]', async (_, entries) => {
    place = poolPlace();
    const before = place.project({ one: fixture(), two: fixture() });
    const pids = [await place.call(before, 'pid'), await place.call(before, 'pid', {}, { server: 'two' })];
    await place.servers.follow(place.project({ ...entries, two: fixture() }));
    await until(() => !isRunning(Number(pids[0])));
    expect(isRunning(Number(pids[1]))).toBe(true);
    expect(place.counts).toEqual({ idle: 0, starting: 0, running: 1, resting: 0 });
  });

  test('that was removed ends behind its calls, and serves again where it is configured again [MCP-1]', async () => {
    place = poolPlace();
    const project = place.project({ one: fixture() });
    const pid = Number(await place.call(project, 'pid'));
    const [begun, going] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const call = place.servers.use(
      {
        ...{ server: 'one', what: 'a long work', signal: new AbortController().signal },
        work: async (connection, signal) => {
          begun.resolve(undefined);
          await going.promise;
          return await connection.call('pid', {}, signal);
        },
      },
      { project, conversation: 'c' },
    );
    await begun.promise;
    await place.servers.follow(place.project({}));
    expect(isRunning(pid)).toBe(true);
    going.resolve(undefined);
    expect(await call).toMatchObject({ content: [{ text: String(pid) }] });
    await until(() => !isRunning(pid));
    expect(place.counts).toEqual({ idle: 0, starting: 0, running: 0, resting: 0 });
    const next = Number(await place.call(project, 'pid'));
    await place.servers.follow(place.project({ one: fixture() }));
    expect(await place.call(project, 'pid')).toBe(String(next));
  });

  test('that nobody trusts any more ends, where nothing else was changed [MCP-1]', async () => {
    let decision: 'allowed' | 'denied' = 'allowed';
    let now = 0;
    place = poolPlace({ decisionOn: () => Promise.resolve(decision), now: () => now });
    const project = place.project({ one: fixture() }, { scope: 'project' });
    const pid = Number(await place.call(project, 'pid'));
    await place.servers.follow(project);
    expect(isRunning(pid)).toBe(true);
    decision = 'denied';
    now = 1_000;
    await place.servers.follow(project);
    await until(() => !isRunning(pid));
  });

  test('that others use as well goes on for them [MCP-1]', async () => {
    place = poolPlace();
    // A server whose folder is named is the same in all workspaces.
    const entries = { one: fixture('good', { cwd: '/' }) };
    const [here, there] = [place.project(entries), place.project(entries, { workspace: '/' })];
    const pid = await place.call(here, 'pid');
    expect(await place.call(there, 'pid')).toBe(pid);
    await place.servers.follow(place.project({}));
    expect(await place.call(there, 'pid')).toBe(pid);
    await place.servers.follow(place.project({}, { workspace: '/' }));
    await until(() => !isRunning(Number(pid)));
  });

  test('for clients that can be asked something ends with its server, and one that only told its protocol is gone [MCP-1]', async () => {
    place = poolPlace();
    const project = place.project({ one: fixture('old') });
    const { signal } = new AbortController();
    await place.servers.use(
      {
        ...{ server: 'one', what: 'a look', signal, abilities: { elicitation: { form: {} } } },
        work: () => Promise.resolve(),
      },
      { project, conversation: 'c' },
    );
    const pids = place.starts();
    expect(pids).toHaveLength(2);
    await until(() => pids.filter(isRunning).length === 1);
    expect(place.counts).toMatchObject({ running: 1, idle: 0 });
    await place.servers.follow(place.project({}));
    await until(() => !pids.some(isRunning));
  });

  /** A use of the older server `one` by a client that it may ask something. */
  const useOld = (
    work: () => Promise<unknown>,
  ): { readonly project: ProjectSnapshot; readonly use: Promise<unknown> } => {
    const project = place.project({ one: fixture('old') });
    const { signal } = new AbortController();
    const abilities = { elicitation: { form: {} } };
    const use = place.servers.use(
      { server: 'one', what: 'a look', signal, abilities, work },
      { project, conversation: 'c' },
    );
    return { project, use };
  };

  test('that is in use for a client that can be asked something ends behind that, with the other one [MCP-1]', async () => {
    place = poolPlace();
    const [begun, going] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const { use } = useOld(async () => {
      begun.resolve(undefined);
      await going.promise;
    });
    await begun.promise;
    const [plain = 0, able = 0] = place.starts();
    await place.servers.follow(place.project({}));
    await until(() => !isRunning(plain));
    expect(isRunning(able)).toBe(true);
    going.resolve(undefined);
    await use;
    await until(() => !isRunning(able));
    expect(place.counts).toEqual({ idle: 0, starting: 0, running: 0, resting: 0 });
  });

  test('that was removed while it was asked which protocol it speaks ends behind its use [MCP-1]', async () => {
    place = poolPlace();
    const { project, use } = useOld(() => Promise.resolve());
    await until(() => place.servers.stateOf('one', project)?.state === 'starting');
    await place.servers.follow(place.project({}));
    await use;
    const pids = place.starts();
    expect(pids.length).toBeGreaterThan(1);
    await until(() => !pids.some(isRunning));
  });

  test('is neither counted nor kept for those who hear of it, once it was removed [MCP-1]', async () => {
    place = poolPlace();
    const project = place.project({ one: fixture() });
    const at = { project, conversation: 'c', abilities: {} };
    const stop = place.servers.listen('one', at, () => undefined);
    const pid = Number(await place.call(project, 'pid'));
    await place.servers.follow(place.project({}));
    await until(() => !isRunning(pid));
    expect(place.counts).toEqual({ idle: 0, starting: 0, running: 0, resting: 0 });
    expect(place.servers.stateOf('one', project)).toBeDefined();
    stop();
    expect(place.servers.stateOf('one', project)).toBeUndefined();
  });

  test('that failed to start after it was removed is forgotten [MCP-1]', async () => {
    place = poolPlace();
    const project = place.project({ one: { command: process.execPath, args: ['-e', 'process.exit(3)'] } });
    const call = place.call(project, 'pid');
    await until(() => place.servers.stateOf('one', project)?.state === 'starting');
    await place.servers.follow(place.project({}));
    await expect(call).rejects.toThrow('it ended with exit code 3');
    expect(place.servers.stateOf('one', project)).toBeUndefined();
    expect(place.counts).toEqual({ idle: 0, starting: 0, running: 0, resting: 0 });
  });
});
