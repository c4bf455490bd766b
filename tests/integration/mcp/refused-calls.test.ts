import { afterEach, expect, test } from '@jest/globals';
import { fixture, poolPlace, scriptedFixture, type PoolPlace } from '../../support/mcp/pool-place.ts';
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

test.each([
  ['prompts/get', { messages: 'none' }, { name: 'unknown' }],
  ['resources/read', { contents: 'none' }, { uri: 'note://unknown' }],
  ['completion/complete', { completion: 'none' }, { argument: { name: 'any', value: '' } }],
  ['prompts/get', null, { name: 'unknown' }],
  ['resources/read', null, { uri: 'note://unknown' }],
] as const)(
  'a server that answers %s with %j, however often, takes calls of tools all the same [MCP-5]',
  async (method, result, params) => {
    place = poolPlace();
    const project = place.project({ one: scriptedFixture(place.folder, { [method]: result }) });
    const { signal } = new AbortController();
    const caller = { client: 'c', abilities: {}, logLevel: undefined, onLog: () => undefined, signal };
    const ref = { type: 'ref/prompt', name: 'any' };
    for (let times = 0; times < 4; times += 1)
      await expect(
        place.servers.use(
          {
            ...{ server: 'one', what: 'a look', signal },
            work: (connection) => connection.forward(method, { ref, ...params }, caller),
          },
          { project, conversation: 'c' },
        ),
      ).rejects.toThrow(
        result === null ? 'no such method' : `failed at a look: Invalid result for ${method}`,
      );
    expect(await place.call(project, 'any')).toBe('up');
  },
);

test('a list that cannot be read, however often, keeps nobody from the tools of its server [MCP-5]', async () => {
  place = poolPlace();
  const project = place.project({ one: scriptedFixture(place.folder, { 'prompts/list': { prompts: 1 } }) });
  const { signal } = new AbortController();
  for (let times = 0; times < 4; times += 1)
    await expect(place.servers.inspect('one', { project, conversation: 'c' }, signal)).rejects.toThrow(
      'Invalid result for prompts/list',
    );
  expect(await place.call(project, 'any')).toBe('up');
});
