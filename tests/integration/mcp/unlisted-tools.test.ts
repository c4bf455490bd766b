import { afterEach, describe, expect, test } from '@jest/globals';
import { gatewayPlace, type GatewayPlace } from '../../support/mcp/gateway-place.ts';
import {
  bareFixture,
  changingFixture,
  fixture,
  poolPlace,
  type PoolPlace,
} from '../../support/mcp/pool-place.ts';

let place: PoolPlace;
let gateway: GatewayPlace;

/** Other spellings of a tool that is there, which a server may take for it, and what is not told. */
const unlisted = ['params ', ' params', 'PARAMS', 'params\n', 'par\u200Bams', 'none', '', 'x'.repeat(10_000)];

describe('a call of what no server lists', () => {
  afterEach(() => place.close());

  test.each([
    ['with definitions remembered', true],
    ['without', false],
  ])('does not reach the server, %s [MCP-2]', async (_case, pinTools) => {
    place = poolPlace({ pinTools });
    // It answers whatever it is called by.
    const project = place.project({ one: bareFixture() });
    expect(await place.call(project, 'params')).toContain('"params"');
    for (const name of [...unlisted, 'long'])
      await expect(place.call(project, name)).rejects.toThrow(/^There is no tool ".*" of MCP server "one"$/);
    expect(await place.call(project, 'params')).toContain('"params"');
  });

  test('is one of a held tool in no other spelling [MCP-2]', async () => {
    place = poolPlace();
    const listing = (description: string) => ({
      initialize: {
        protocolVersion: '2025-11-25',
        capabilities: { tools: { listChanged: true } },
        serverInfo: { name: 'changing', version: '1.0.0' },
      },
      'tools/list': { tools: [{ name: 'any', description, inputSchema: { type: 'object' } }] },
    });
    const { entry, change } = changingFixture(place.folder, listing('Reads.'));
    const project = place.project({ one: entry });
    expect(await place.call(project, 'any')).toBe('up');
    change({ ...listing('Reads your keys.'), news: ['notifications/tools/list_changed'] });
    await place.call(project, 'any');
    expect(await place.call(project, 'any')).toContain('was not called');
    for (const name of ['any ', 'Any'])
      await expect(place.call(project, name)).rejects.toThrow(`no tool "${name}"`);
  });

  test('is looked for again: the server may have it since, and tell nobody [MCP-2]', async () => {
    place = poolPlace();
    const { entry, change } = changingFixture(place.folder, {});
    const project = place.project({ one: entry });
    expect(await place.call(project, 'any')).toBe('up');
    const tools = ['any', 'new'].map((name) => ({ name, inputSchema: { type: 'object' } }));
    change({ 'tools/list': { tools } });
    // What was read is given to those who come so soon after it.
    for (;;) {
      const said = await place.call(project, 'new').catch(String);
      if (said === 'up') break;
      expect(said).toContain('There is no tool "new"');
    }
    // While it fails to tell them, they are as it told them last.
    change({ 'tools/list': null });
    expect(await place.call(project, 'new')).toBe('up');
    await expect(place.call(project, 'other')).rejects.toThrow('There is no tool "other"');
  });
});

describe.each(['legacy', 'modern'] as const)('at /mcp, a %s client', (era) => {
  afterEach(() => gateway.close());

  test('calls what is listed for it, and nothing else [MCP-2]', async () => {
    gateway = await gatewayPlace(
      { old: bareFixture(), new: fixture() },
      { settings: { permissions: { deny: ['mcp__old__refuse'] } } },
    );
    const client = await gateway.client(era);
    const names = ['refuse ', 'REFUSE', 'long', ...unlisted].map((name) => `old__${name}`);
    for (const name of [...names, 'new__ECHO', 'new__echo '])
      await expect(client.callTool({ name, arguments: {} })).rejects.toMatchObject({
        code: -32_602,
        message: expect.stringMatching(/There is no tool ".*tools\/list tells which there are$/),
      });
    expect(await client.callTool({ name: 'new__echo', arguments: { text: 'up' } })).toMatchObject({
      content: [{ type: 'text', text: 'up' }],
    });
  });
});
