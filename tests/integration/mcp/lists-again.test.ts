import { afterEach, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { listPrompts } from '../../../middleware/features/mcp/contents/list-prompts.ts';
import type { McpPlace } from '../../../middleware/features/mcp/access/server-access.ts';
import type { ProjectSnapshot } from '../../../middleware/platform/config/scopes/project-snapshot.ts';
import { changingFixture, poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';
import { until } from '../../support/until.ts';

let place: PoolPlace;
afterEach(() => place.close());

const { signal } = new AbortController();
const kinds = ['tools', 'prompts', 'resources'];

/** A server that says whether it tells of changes, and has so many of each, of this name. */
function listing(listChanged: boolean, name: string, count = 1): JsonObject {
  const capability = { ...(listChanged && { listChanged }) };
  const items = Array.from({ length: count }, (_, at) => ({ name: `${name}${at}`, uri: `a://${at}` }));
  return {
    initialize: {
      protocolVersion: '2025-11-25',
      capabilities: { tools: capability, prompts: capability, resources: capability },
      serverInfo: { name: 'changing', version: '1.0.0' },
    },
    'tools/list': { tools: items.map((item) => ({ ...item, inputSchema: { type: 'object' } })) },
    'prompts/list': { prompts: items },
    'resources/list': { resources: items },
  };
}

/** What is known of the server `one`, as whoever looks has it. */
async function seen(at: McpPlace & { readonly project: ProjectSnapshot }): Promise<readonly unknown[]> {
  const tools = await place.servers.tools('one', at, { waitMs: 60_000, signal });
  const { commands } = await listPrompts(at, { servers: place.servers, signal, waitMs: 60_000 });
  const resources = place.servers.stateOf('one', at.project)?.resources;
  return [tools?.map(({ name }) => name), commands.map(({ prompt }) => prompt), resources];
}

test('lists that could not be told when they had changed are asked for again after a rest [MCP-5]', async () => {
  let time = 0;
  place = poolPlace({ now: () => time });
  const { entry, change } = changingFixture(place.folder, listing(true, 'old'));
  const project = place.project({ one: entry });
  const at = { project, conversation: 'c' };
  await until(async () => JSON.stringify(await seen(at)) === '[["old0"],["old0"],1]');
  const news = kinds.map((kind) => `notifications/${kind}/list_changed`);
  const none = Object.fromEntries(kinds.map((kind) => [`${kind}/list`, null]));
  change({ ...listing(true, 'old'), ...none, news });
  await place.call(project, 'old0');
  const failures = () => place.lines.filter(({ message }) => String(message).includes('did not list')).length;
  await until(() => failures() === 3);
  change(listing(true, 'new', 2));
  expect(await seen(at)).toEqual([['old0'], ['old0'], 1]);
  time = 60_000;
  await until(async () => JSON.stringify(await seen(at)) === '[["new0","new1"],["new0","new1"],2]');
});

test.each([
  ['of a server that tells of no changes', false, 5_000],
  ['of one that says it does', true, 60_000],
])(
  'prompts and resources %s are asked for again after some time, and not before [MCP-2]',
  async (_, tells, laterMs) => {
    let time = 0;
    place = poolPlace({ now: () => time });
    const { entry, change } = changingFixture(place.folder, listing(tells, 'old'));
    const at = { project: place.project({ one: entry }), conversation: 'c' };
    await until(async () => JSON.stringify(await seen(at)) === '[["old0"],["old0"],1]');
    change(listing(tells, 'new', 2));
    time = laterMs - 1_000;
    expect((await seen(at)).slice(1)).toEqual([['old0'], 1]);
    time = laterMs;
    expect((await seen(at)).slice(1)).toEqual([['new0', 'new1'], 2]);
  },
);

test('all that an inspection finds is known to others at once [MCP-2]', async () => {
  let time = 0;
  place = poolPlace({ now: () => time });
  const { entry, change } = changingFixture(place.folder, listing(true, 'old'));
  const at = { project: place.project({ one: entry }), conversation: 'c' };
  await until(async () => JSON.stringify(await seen(at)) === '[["old0"],["old0"],1]');
  change(listing(true, 'new', 2));
  time = 1_000;
  await place.servers.inspect('one', at, signal);
  expect(await seen(at)).toEqual([['new0', 'new1'], ['new0', 'new1'], 2]);
});
