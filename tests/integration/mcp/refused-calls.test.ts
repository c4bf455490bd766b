import { afterEach, expect, test } from '@jest/globals';
import { fixture, poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';
import { remoteFixture } from '../../support/mcp/remote-fixture.ts';

let place: PoolPlace;
afterEach(() => place.close());

test('a server that has two names is told by the one that it was used by [MCP-5]', async () => {
  place = poolPlace();
  const project = place.project({ one: fixture(), two: fixture() });
  await place.call(project, 'pid');
  await expect(place.call(project, 'crash', {}, { server: 'two' })).rejects.toThrow('MCP server "two" ended');
});

test.each([401, 403, 422])(
  'a server that refuses calls with %i takes others all the same [MCP-5]',
  async (status) => {
    place = poolPlace();
    const remote = await remoteFixture('both');
    const project = place.project({ one: { url: remote.url, auth: 'none' } });
    expect(await place.call(project, 'echo', { text: 'fine' })).toBe('fine');
    remote.refuse('forbidden', status);
    for (let times = 0; times < 4; times += 1)
      await expect(place.call(project, 'echo', { text: 'forbidden' })).rejects.toMatchObject({
        kind: 'refused',
      });
    expect(await place.call(project, 'echo', { text: 'fine' })).toBe('fine');
    await remote.close();
  },
);
