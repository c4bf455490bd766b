import { afterEach, describe, expect, test } from '@jest/globals';
import { poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';
import { remoteFixture, type RemoteFixture } from '../../support/mcp/remote-fixture.ts';
import { until } from '../../support/until.ts';

let place: PoolPlace;
let remote: RemoteFixture;
afterEach(async () => {
  await place.close();
  await remote.close();
});

const count = (method: string): number => remote.requests.filter((one) => one === method).length;

describe('calls that are under way at a server that answers another one with 404', () => {
  test('go on where it means what that one asked for, and the session ends behind them [MCP-5]', async () => {
    place = poolPlace({ limits: { failures: 1 } });
    remote = await remoteFixture('sessions');
    const project = place.project({ one: { type: 'http', url: remote.url } });
    const others = [place.call(project, 'held'), place.call(project, 'held')];
    await until(() => count('POST tools/call') === 2);
    remote.refuse('unknown', 404);
    await expect(place.call(project, 'echo', { text: 'unknown' })).rejects.toThrow('not like this');
    expect(count('POST initialize')).toBe(2);
    const ends = count('DELETE');
    remote.release();
    expect(await Promise.all(others)).toEqual(['released', 'released']);
    await until(() => count('DELETE') > ends);
    expect(place.outcomes).toEqual(['refused', 'ok', 'ok']);
  });

  test('are told that it forgot them where it did, which is no fault of it, and those that only look are made again [MCP-5]', async () => {
    place = poolPlace({ limits: { failures: 1 } });
    remote = await remoteFixture('sessions');
    const project = place.project({ one: { type: 'http', url: remote.url } });
    const held = place.call(project, 'held').catch((error: unknown) => error);
    await until(() => count('POST tools/call') === 1);
    const looks: string[] = [];
    const looking = place.servers.use(
      {
        ...{ server: 'one', what: 'a look', signal: new AbortController().signal, isLook: true },
        work: async (connection) => {
          looks.push('look');
          if (looks.length === 1) await connection.closed.then(() => Promise.reject(new Error('it ended')));
          return looks.length;
        },
      },
      { project, conversation: 'c' },
    );
    await until(() => looks.length === 1);
    remote.forget();
    expect(await place.call(project, 'echo', { text: 'two' })).toBe('two');
    expect(await held).toMatchObject({
      kind: 'broken',
      message:
        'MCP server "one" forgot its session with Codex-Plus during tool "held": whether it did what was asked is not known',
    });
    expect(await looking).toBe(2);
    expect(await place.call(project, 'echo', { text: 'three' })).toBe('three');
    expect(place.servers.stateOf('one', project)).toMatchObject({ state: 'running', lastError: undefined });
    remote.release();
  });
});
