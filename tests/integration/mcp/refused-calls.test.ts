import { afterEach, expect, test } from '@jest/globals';
import { inspectionText } from '../../../middleware/cli/mcp/server-text.ts';
import { lookAt } from '../../../middleware/features/mcp/contents/look-at.ts';
import { noneHeld } from '../../../middleware/features/mcp/definitions/tool-pins.ts';
import {
  changingFixture,
  fixture,
  poolPlace,
  scriptedFixture,
  type PoolPlace,
} from '../../support/mcp/pool-place.ts';
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

test.each([
  [{ 'prompts/list': { prompts: 1 } }, 'prompts', 'it answered with what is no such list'],
  [{ 'resources/list': null }, 'resources', 'no such method'],
  [{ 'tools/list': { tools: 1 } }, 'tools', 'it answered with what is no such list'],
] as const)(
  'a server that answers %j is shown with its other lists, and what failed is told [MCP-5] [CMD-4]',
  async (script, list, reason) => {
    place = poolPlace();
    const project = place.project({ one: scriptedFixture(place.folder, script) });
    const { signal } = new AbortController();
    const failed = [{ list, reason }];
    const at = { project, conversation: 'c' };
    const look = await lookAt('one', { servers: place.servers, place: at, signal, maxMs: 60_000 });
    expect(look).toMatchObject({ kind: 'got', value: { failed } });
    const inspection = await place.servers.inspect('one', at, signal);
    expect(inspection.failed).toEqual(failed);
    expect([inspection.tools, inspection.prompts, inspection.resources].map(({ length }) => length)).toEqual(
      ['tools', 'prompts', 'resources'].map((name) => (name === list ? 0 : 1)),
    );
    const server = project.mcpServers.get('one');
    if (server === undefined) throw new Error('it is not configured');
    const state = { kind: 'connected', ms: 1, held: noneHeld, ...inspection } as const;
    expect(inspectionText({ name: 'one', server, state })).toContain(`: not listed — ${reason}`);
  },
);

test('a server that tells none of its lists, however often, is told so and takes calls of tools once it tells them [MCP-5]', async () => {
  place = poolPlace();
  const no = { 'prompts/list': { prompts: 1 }, 'tools/list': null, 'resources/list': null };
  const { entry, change } = changingFixture(place.folder, no);
  const project = place.project({ one: entry });
  const { signal } = new AbortController();
  for (let times = 0; times < 4; times += 1)
    await expect(place.servers.inspect('one', { project, conversation: 'c' }, signal)).rejects.toThrow();
  await expect(place.call(project, 'any')).rejects.toThrow(
    'MCP server "one" does not list its tools, so none is called: no such method',
  );
  change({});
  expect(await place.call(project, 'any')).toBe('up');
});
