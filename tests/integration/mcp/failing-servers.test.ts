import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { nobodyToAnswer } from '../../../middleware/features/mcp/contents/ask-for-nobody.ts';
import { rootDir } from '../../support/compose-middleware.ts';
import { isRunning } from '../../support/is-running.ts';
import { fixture, poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';
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
      'could not be started: it was not found',
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
    await expect(place.call(project, 'pid')).rejects.toThrow(
      'failed several times and is left alone for 60 s. The last time: MCP server "one" could not be started',
    );
    expect(place.servers.stateOf('one', project)?.state).toBe('resting');
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

describe('a server that writes too much', () => {
  test.each(['good', 'old'])(
    'of changes of its tools is asked for them now and then, with the protocol of one that is %s [MCP-5]',
    async (behaviour) => {
      place = poolPlace();
      const project = place.project({ one: fixture(behaviour) });
      expect(await place.call(project, 'flood-changes', { count: 5_000 })).toBe('flooded');
      expect(Number(await place.call(project, 'lists'))).toBeLessThan(100);
    },
  );

  test.each([
    ['endless-tools', 640],
    ['circle-of-tools', 20],
  ])('in pages of its tools, as %s, is read up to a bound, and told [MCP-5]', async (behaviour, count) => {
    place = poolPlace();
    const project = place.project({ one: fixture(behaviour) });
    const { signal } = new AbortController();
    expect(await place.servers.inspect('one', { project, conversation: 'c' }, signal)).toMatchObject({
      tools: { length: count },
    });
    expect(place.servers.stateOf('one', project)).toMatchObject({ state: 'running', cut: ['tools'] });
    const told = place.lines.filter(({ message }) => String(message).includes('the rest is left out'));
    expect(told).toMatchObject([{ server: 'one', list: 'tools' }]);
  });

  test('in lines is read past, with what is no message [MCP-5]', async () => {
    place = poolPlace();
    const project = place.project({ one: fixture() });
    expect(await place.call(project, 'flood')).toBe('flooded');
    expect(await place.call(project, 'garbage')).toBe('tidy');
    expect(place.lines.filter(({ message }) => String(message).includes('no message'))).toHaveLength(1);
    expect(place.starts()).toHaveLength(1);
  });

  test.each([
    ['nothing', '{}'],
    ['no message of the protocol', '{"jsonrpc":"2.0"}'],
    ['no JSON', 'x'],
    ['requests', '{"jsonrpc":"2.0","id":"a","method":"ping"}'],
    ['answers to nothing', '{"jsonrpc":"2.0","id":"a","result":{}}'],
  ])('in lines of %s is ended, and told [MCP-5]', async (_, line) => {
    place = poolPlace();
    const project = place.project({ one: fixture() });
    await expect(place.call(project, 'flood-with', { line })).rejects.toThrow(
      'wrote more than 1000 lines in a second that nobody asked for during tool "flood-with"',
    );
    expect(await place.call(project, 'echo', { text: 'up' })).toBe('up');
    expect(place.starts()).toHaveLength(2);
  });

  test('in questions whose answers it does not read is ended, and told [MCP-5]', async () => {
    let now = 0;
    // Each line comes in a second of its own.
    place = poolPlace({ now: () => (now += 1_000) });
    const project = place.project({ one: fixture('old') });
    await expect(place.call(project, 'flood-questions')).rejects.toThrow(
      'asked us more than 1000 things whose answers it does not read',
    );
  });

  test('of news is heard as far as anybody can, and its answer comes [MCP-5]', async () => {
    place = poolPlace();
    const project = place.project({ one: fixture('old') });
    const line = '{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"x"}}';
    expect(await place.call(project, 'flood-with', { line })).toBe('flooded');
    expect(place.starts()).toHaveLength(1);
  });

  test('in one line is ended [MCP-5]', async () => {
    place = poolPlace();
    const project = place.project({ one: fixture() });
    await expect(place.call(project, 'flood-line')).rejects.toThrow(
      'wrote a line of more than 10485760 characters',
    );
    await until(() => place.starts().filter(isRunning).length === 0);
    expect(await place.call(project, 'echo', { text: 'up' })).toBe('up');
  });
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
    process.kill(place.servers.stateOf('one', project)?.pid ?? 0);
    await watching;
    await until(() => place.servers.stateOf('one', project)?.state === 'idle');
  },
);
