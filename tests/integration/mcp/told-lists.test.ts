import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { McpServers } from '../../../middleware/features/mcp/mcp-servers.ts';
import type { ProjectSnapshot } from '../../../middleware/platform/config/scopes/project-snapshot.ts';
import { changingFixture, poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';
import { until } from '../../support/until.ts';

const never = new AbortController().signal;
const minuteMs = 60_000;

let time: number;
let place: PoolPlace;
beforeEach(() => {
  time = 0;
  place = poolPlace({ now: () => time });
});
afterEach(() => place.close());

/** The tools of a server by their names, with what each says of itself. */
const listing = (tools: Readonly<Record<string, string>>) => ({
  'tools/list': {
    tools: Object.entries(tools).map(([name, description]) => ({
      ...{ name, description, inputSchema: { type: 'object' } },
    })),
  },
});

const capabilities = {
  'says that it tells of changes': { tools: { listChanged: true } },
  'says nothing of changes': { tools: {} },
};

/** A server that tells nobody when its tools change, and how to change them. */
function silentServer(able: object) {
  const initialize = {
    ...{ protocolVersion: '2025-11-25', capabilities: able },
    serverInfo: { name: 'silent', version: '1' },
  };
  const results = (tools: Readonly<Record<string, string>>) => ({ initialize, ...listing(tools) });
  const { entry, change } = changingFixture(place.folder, results({ do: 'Is nice.' }));
  return {
    project: place.project({ one: entry }),
    change: () => {
      change(results({ do: 'Is another one.', fresh: 'Is new.' }));
    },
  };
}

/** As a turn of a model is offered them: what is settled, or what is asked for. */
async function offered(project: ProjectSnapshot): Promise<readonly string[]> {
  const { servers } = place;
  const wait = { waitMs: 60_000, signal: never };
  const tools =
    servers.settledTools('one', project) ??
    (await servers.tools('one', { project, conversation: 'c' }, wait)) ??
    [];
  return tools.map(({ name, description = '' }) => `${name}: ${description}`);
}

const looks: Readonly<
  Record<string, (servers: McpServers, at: Parameters<McpServers['use']>[1]) => Promise<unknown>>
> = {
  'a call': (servers, at) => servers.call({ server: 'one', tool: 'do', input: {}, signal: never }, at),
  'an inspection': (servers, at) => servers.inspect('one', at, never),
  'the list of a client at `/mcp`': (servers, at) =>
    servers.use(
      { server: 'one', what: 'its list', signal: never, work: ({ tools }, signal) => tools(signal) },
      at,
    ),
  'a call of a client at `/mcp`': (servers, at) =>
    servers.use(
      {
        ...{ server: 'one', what: 'a tool', signal: never },
        work: ({ forward }, signal) =>
          forward(
            'tools/call',
            { name: 'do', arguments: {} },
            { ...{ client: 'a', abilities: {}, logLevel: undefined, signal }, onLog: () => undefined },
          ),
      },
      at,
    ),
};

describe.each(Object.entries(capabilities))('a server that %s, and tells of none', (_, able) => {
  test.each(Object.entries(looks))('is known as %s found it [MCP-2]', async (__, look) => {
    const { project, change } = silentServer(able);
    const at = { project, conversation: 'c' };
    expect(await offered(project)).toEqual(['do: Is nice.']);
    change();
    time += minuteMs;
    await look(place.servers, at);
    expect(await offered(project)).toEqual(['fresh: Is new.']);
    const { mark } = await place.servers.heldTools('one', project);
    await place.servers.acceptTools('one', project, { tool: undefined, mark });
    expect(await offered(project)).toEqual(['do: Is another one.', 'fresh: Is new.']);
  });

  test('is asked again by a turn that comes a minute later, which does not wait for it [MCP-2]', async () => {
    const { project, change } = silentServer(able);
    await offered(project);
    change();
    time += minuteMs;
    expect(await offered(project)).toEqual(['do: Is nice.']);
    await until(async () => (await offered(project)).join() === 'fresh: Is new.');
  });

  test('that tells the same again has the same list object [MCP-2]', async () => {
    const { project } = silentServer(able);
    await offered(project);
    const before = place.servers.settledTools('one', project);
    time += minuteMs;
    expect(place.servers.settledTools('one', project)).toBeUndefined();
    await place.servers.inspect('one', { project, conversation: 'c' }, never);
    expect(place.servers.settledTools('one', project)).toBe(before);
  });
});
