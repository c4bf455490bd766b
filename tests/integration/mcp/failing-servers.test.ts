import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { nobodyToAnswer } from '../../../middleware/features/mcp/contents/ask-for-nobody.ts';
import { rootDir } from '../../support/compose-middleware.ts';
import { isRunning } from '../../support/is-running.ts';
import { bareFixture, fixture, poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';
import { until } from '../../support/until.ts';

let place: PoolPlace;
afterEach(() => place.close());

describe('a server that fails', () => {
  test('in the middle of a call is told with its last words, and started again [MCP-5]', async () => {
    place = poolPlace();
    const project = place.project({ one: fixture() });
    const other = place.call(project, 'hang');
    const ended = 'MCP server "one" ended with exit code 3: the disk is on fire during tool';
    const both = Promise.allSettled([other, place.call(project, 'crash')]);
    expect((await both).map((one) => (one.status === 'rejected' ? String(one.reason) : one))).toEqual([
      `McpFailure: ${ended} "hang"`,
      `McpFailure: ${ended} "crash"`,
    ]);
    expect(await place.call(project, 'echo', { text: 'up' })).toBe('up');
    expect(place.servers.stateOf('one', project)?.lastError).toBeUndefined();
    expect(place.outcomes).toEqual(['broken', 'broken', 'ok']);
  });

  test.each([
    [
      'is not there',
      { command: 'no-such-program-anywhere', args: [] },
      '30000',
      'could not be started: it was not found: there is no program no-such-program-anywhere in the folders of PATH, or no folder /',
    ],
    [
      'ends at once',
      fixture('end-at-start'),
      '30000',
      'could not be started: it ended with exit code 2: no licence found',
    ],
    [
      'does not begin to speak',
      fixture('hang-at-start'),
      '300',
      'did not start within 0.3 s; MCP_TIMEOUT sets the time',
    ],
  ])(
    'because it %s is told with its reason, and nothing of it stays [MCP-5]',
    async (_, entry, timeout, reason) => {
      place = poolPlace({ env: { MCP_TIMEOUT: timeout } });
      const project = place.project({ one: entry });
      await expect(place.call(project, 'pid')).rejects.toThrow(`MCP server "one" ${reason}`);
      expect(place.starts().filter(isRunning)).toEqual([]);
    },
  );

  test('to answer within its time is told, and the next call is answered [MCP-5]', async () => {
    place = poolPlace({ env: { MCP_TOOL_TIMEOUT: '200' } });
    const project = place.project({ one: fixture() });
    await expect(place.call(project, 'hang')).rejects.toThrow(
      'MCP server "one" tool "hang" timed out after 0.2 s',
    );
    await expect(place.call(project, 'wrong-id')).rejects.toThrow('tool "wrong-id" timed out');
    expect(await place.call(project, 'echo', { text: 'up' })).toBe('up');
    expect(place.starts()).toHaveLength(1);
  });

  test('three times is left alone until it had a rest, and then tried once [MCP-5]', async () => {
    let now = 0;
    place = poolPlace({ now: () => now });
    const project = place.project({ one: fixture('end-at-start') });
    for (let at = 0; at < 3; at += 1)
      await expect(place.call(project, 'pid')).rejects.toThrow('no licence found');
    const starts = place.starts().length;
    now = 20_500;
    await expect(place.call(project, 'pid')).rejects.toThrow(
      'failed several times and is left alone for 40 s more. The last time: MCP server "one" could not be started',
    );
    expect(place.servers.stateOf('one', project)).toMatchObject({ state: 'resting', restMs: 39_500 });
    now = 60_000;
    expect(place.servers.stateOf('one', project)?.state).toBe('idle');
    await expect(place.call(project, 'pid')).rejects.toThrow('no licence found');
    await expect(place.call(project, 'pid')).rejects.toThrow('left alone');
    expect(place.starts()).toHaveLength(starts + 1);
  });

  test('to answer three times is ended, and starts anew after its rest [MCP-5]', async () => {
    let now = 0;
    place = poolPlace({ env: { MCP_TOOL_TIMEOUT: '200' }, now: () => now });
    const project = place.project({ one: fixture() });
    for (let at = 0; at < 3; at += 1)
      await expect(place.call(project, 'hang')).rejects.toThrow('timed out after 0.2 s');
    await until(() => place.starts().every((pid) => !isRunning(pid)));
    now = 60_000;
    expect(await place.call(project, 'echo', { text: 'up' })).toBe('up');
    expect(place.servers.stateOf('one', project)?.state).toBe('running');
  });

  test('to answer one caller three times goes on for the others [MCP-5]', async () => {
    place = poolPlace({ env: { MCP_TOOL_TIMEOUT: '200' } });
    const project = place.project({ one: fixture() });
    const [begun, rested] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    const other = place.servers.use(
      {
        ...{ server: 'one', what: 'a long work', signal: new AbortController().signal },
        work: async (connection, signal) => {
          begun.resolve(undefined);
          await rested.promise;
          return await connection.call('pid', {}, signal);
        },
      },
      { project, conversation: 'c' },
    );
    await begun.promise;
    for (let at = 0; at < 3; at += 1)
      await expect(place.call(project, 'hang')).rejects.toThrow('timed out after 0.2 s');
    expect(place.servers.stateOf('one', project)?.state).toBe('resting');
    rested.resolve(undefined);
    const [pid] = place.starts();
    expect(await other).toMatchObject({ content: [{ text: String(pid) }] });
    await place.call(project, 'pid');
    expect(place.starts()).toEqual([pid]);
  });

  test('is tried by one of those who come after its rest, and the others are told [MCP-5]', async () => {
    let now = 0;
    place = poolPlace({ now: () => now });
    const project = place.project({ one: fixture('end-at-start') });
    for (let at = 0; at < 3; at += 1)
      await expect(place.call(project, 'pid')).rejects.toThrow('no licence found');
    const starts = place.starts().length;
    now = 60_000;
    const told = await Promise.allSettled(Array.from({ length: 3 }, () => place.call(project, 'pid')));
    expect(told.map((one) => String((one as PromiseRejectedResult).reason))).toEqual([
      expect.stringContaining('could not be started: it ended with exit code 2'),
      expect.stringContaining('failed several times and is left alone'),
      expect.stringContaining('failed several times and is left alone'),
    ]);
    expect(place.starts()).toHaveLength(starts + 1);
    expect(place.servers.stateOf('one', project)?.state).toBe('resting');
  });

  test('is tried by the next one where who tried it did not wait [MCP-5]', async () => {
    let now = 0;
    place = poolPlace({ env: { MCP_TOOL_TIMEOUT: '200' }, now: () => now });
    const project = place.project({ one: fixture() });
    for (let at = 0; at < 3; at += 1)
      await expect(place.call(project, 'hang')).rejects.toThrow('timed out after 0.2 s');
    now = 60_000;
    const left = new AbortController();
    const trying = place.call(project, 'echo', { text: 'x' }, { signal: left.signal });
    left.abort(new Error('the client left'));
    await expect(trying).rejects.toThrow('the client left');
    expect(await place.call(project, 'echo', { text: 'up' })).toBe('up');
  });

  test('waits before it is started again, and ends its wait with the pool [MCP-5]', async () => {
    place = poolPlace({ limits: { backOffMs: 3_600_000 } });
    const project = place.project({ one: fixture('end-at-start') });
    await expect(place.call(project, 'pid')).rejects.toThrow('no licence found');
    const starts = place.starts().length;
    const waiting = place.call(project, 'pid');
    const ended = expect(waiting).rejects.toThrow('Codex-Plus stops');
    await until(() => place.servers.stateOf('one', project)?.state === 'starting');
    await place.pool.close();
    await ended;
    expect(place.starts()).toHaveLength(starts);
  });
});

test('what we refuse ourselves, however often, is no fault of the server and told as it is [MCP-5]', async () => {
  place = poolPlace();
  const project = place.project({ one: fixture() });
  const refused = nobodyToAnswer();
  for (let at = 0; at < 4; at += 1)
    await expect(
      place.servers.use(
        {
          ...{ server: 'one', what: 'its resource', signal: new AbortController().signal },
          work: () => Promise.reject(refused),
        },
        { project, conversation: 'c' },
      ),
    ).rejects.toBe(refused);
  expect(place.servers.stateOf('one', project)).toMatchObject({ state: 'running', lastError: undefined });
});

test('what is nested too deep to be sent, however often, is no fault of the server [MCP-5]', async () => {
  place = poolPlace();
  const project = place.project({ one: fixture() });
  let deep: object = {};
  for (let at = 0; at < 20_000; at += 1) deep = { deep };
  for (let at = 0; at < 3; at += 1)
    await expect(place.call(project, 'echo', { deep })).rejects.toThrow('levels deep at most');
  const { signal } = new AbortController();
  const caller = { client: 'c', abilities: {}, logLevel: undefined, onLog: () => undefined, signal };
  const forwarded = place.servers.use(
    {
      ...{ server: 'one', what: 'a call', signal },
      work: (connection) => connection.forward('tools/call', { name: 'echo', _meta: { deep } }, caller),
    },
    { project, conversation: 'c' },
  );
  await expect(forwarded).rejects.toThrow('levels deep at most');
  expect(await place.call(project, 'echo', { text: 'up' })).toBe('up');
  expect(place.servers.stateOf('one', project)).toMatchObject({ state: 'running', lastError: undefined });
});

test('a call that nobody waits for any more ends, and the server goes on [MCP-5]', async () => {
  place = poolPlace();
  const project = place.project({ one: fixture() });
  await place.call(project, 'pid');
  const left = new AbortController();
  const call = place.call(project, 'hang', {}, { signal: left.signal });
  left.abort(new Error('the client left'));
  await expect(call).rejects.toThrow('the client left');
  expect(await place.call(project, 'pid')).toBe(String(place.starts()[0]));
  expect(place.servers.stateOf('one', project)?.lastError).toBeUndefined();
});

test.each(['old', 'both'])(
  'who watches a resource of a server of the kind %s hears that it ended [MCP-2] [MCP-5]',
  async (behaviour) => {
    place = poolPlace();
    const server = join(rootDir, 'tests/support/mcp/conformance-server.ts');
    const project = place.project({ one: { command: process.execPath, args: [server, behaviour] } });
    const begun = Promise.withResolvers<undefined>();
    const watching = place.servers.use(
      {
        ...{ server: 'one', what: 'its resource', signal: new AbortController().signal },
        work: (connection, signal) =>
          connection.watchResource('test://watched-resource', signal, () => {
            begun.resolve(undefined);
          }),
      },
      { project, conversation: 'c' },
    );
    await begun.promise;
    const ended = expect(watching).rejects.toThrow('the connection ended');
    process.kill(place.servers.stateOf('one', project)?.pid ?? 0);
    await ended;
    await until(() => place.servers.stateOf('one', project)?.state === 'idle');
  },
);

test('a server that crashes three times is left alone, also where somebody watches a resource of it [MCP-5]', async () => {
  place = poolPlace();
  const project = place.project({ one: bareFixture() });
  for (let at = 0; at < 3; at += 1) {
    const begun = Promise.withResolvers<undefined>();
    const watched = place.servers.use(
      {
        ...{ server: 'one', what: 'a resource', signal: new AbortController().signal },
        work: (connection, signal) =>
          connection.watchResource('note://plan', signal, () => {
            begun.resolve(undefined);
          }),
      },
      { project, conversation: 'c' },
    );
    const ended = expect(watched).rejects.toThrow('the connection ended');
    await begun.promise;
    await expect(place.call(project, 'crash')).rejects.toThrow('ended with exit code 3');
    await ended;
  }
  await expect(place.call(project, 'params')).rejects.toThrow('left alone');
});

test.each([
  ['starts', 'echo', (state: string | undefined) => state === 'starting'],
  ['works', 'hang', (state: string | undefined) => state === 'running'],
])(
  'a call that tries a server after its rest, and is given up while that %s, leaves the try to the next one [MCP-5]',
  async (_, tool, isReached) => {
    let now = 0;
    place = poolPlace({ now: () => now });
    const project = place.project({ one: fixture() });
    for (let at = 0; at < 3; at += 1) await expect(place.call(project, 'crash')).rejects.toThrow();
    await expect(place.call(project, 'echo')).rejects.toThrow('left alone');
    now = 60_000;
    const leaving = new AbortController();
    const left = expect(place.call(project, tool, {}, { signal: leaving.signal })).rejects.toThrow('gave up');
    await until(() => isReached(place.servers.stateOf('one', project)?.state));
    leaving.abort(new Error('gave up'));
    await left;
    expect(await place.call(project, 'echo', { text: 'up' })).toBe('up');
  },
);
