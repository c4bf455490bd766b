import { afterEach, expect, test } from '@jest/globals';
import { fixture, poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';

let place: PoolPlace;
afterEach(() => place.close());

const limits = { failures: 3 };

test.each(['good', 'old'])(
  'a server that ends counts as failed once, however many calls were under way (%s) [MCP-5]',
  async (behaviour) => {
    place = poolPlace({ limits });
    const project = place.project({ one: fixture(behaviour) });
    await place.call(project, 'pid');
    const calls = ['crash', 'hang', 'hang', 'hang'].map((tool) => place.call(project, tool));
    const ended = await Promise.allSettled(calls);
    expect(ended.map(({ status }) => status)).toEqual(calls.map(() => 'rejected'));
    expect(place.pool.figures().servers).toEqual([{ name: 'one', breaker: 'closed', failures: 1 }]);
    expect(await place.call(project, 'echo', { text: 'up' })).toBe('up');
  },
);

test('calls that time out beside each other are one failure, and such as follow each other are several [MCP-5]', async () => {
  place = poolPlace({ limits, env: { MCP_TOOL_TIMEOUT: '200' } });
  const project = place.project({ one: fixture() });
  await place.call(project, 'pid');
  const failures = async (): Promise<number | undefined> => {
    const calls = [1, 2, 3].map(() => place.call(project, 'hang'));
    for (const call of await Promise.allSettled(calls)) expect(call.status).toBe('rejected');
    return place.pool.figures().servers[0]?.failures;
  };
  expect([await failures(), await failures()]).toEqual([1, 2]);
  expect(await place.call(project, 'echo', { text: 'up' })).toBe('up');
  expect([await failures(), await failures(), await failures()]).toEqual([1, 2, 3]);
  await expect(place.call(project, 'pid')).rejects.toThrow('left alone');
});
