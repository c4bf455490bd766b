import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Client } from '@modelcontextprotocol/client';
import type { JsonObject } from '../../../../middleware/kernel/json-object.ts';
import { fixture } from '../../../support/mcp/pool-place.ts';
import { gatewayPlace, type GatewayPlace } from '../../../support/mcp/gateway-place.ts';

let place: GatewayPlace;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kept-names-'));
});
afterEach(async () => {
  await place.close();
  rmSync(folder, { recursive: true });
});

async function textOf(client: Client, name: string): Promise<string> {
  const { content } = await client.callTool({ name, arguments: {} });
  return content.map((block) => (block.type === 'text' ? block.text : block.type)).join('|');
}

/** A server that does not start while a file of its name is there. */
function stoppable(name: string): JsonObject {
  const { command, args } = fixture() as { readonly command: string; readonly args: readonly string[] };
  const line = `[ ! -e ${join(folder, name)} ] && exec ${[command, ...args].join(' ')}`;
  return { command: '/bin/sh', args: ['-c', line] };
}

test.each(['never', 'conflict'])(
  'with the prefix `%s` a name that a client saw stays that of its server while that fails [MCP-2] [SEC-1]',
  async (prefix) => {
    if (prefix === 'conflict') writeFileSync(join(folder, 'two'), '');
    place = await gatewayPlace(
      { one: stoppable('one'), two: stoppable('two') },
      { env: { CODEX_PLUS_MCP_PREFIX: prefix } },
    );
    const client = await place.client('legacy');
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names.filter((name) => name.endsWith('pid'))).toEqual(['pid']);
    const pid = await textOf(client, 'pid');
    writeFileSync(join(folder, 'one'), '');
    rmSync(join(folder, 'two'), { force: true });
    expect(await textOf(client, 'one__crash')).toContain('MCP server "one" ended');
    expect(await textOf(client, 'pid')).toContain('MCP server "one" could not be started');
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toContain('pid');
    rmSync(join(folder, 'one'));
    expect(await textOf(client, 'one__pid')).not.toBe(pid);
  },
);

test('with the prefix `never` three crashes in a row leave a server alone as ever [MCP-2] [MCP-5]', async () => {
  place = await gatewayPlace({ one: fixture() }, { env: { CODEX_PLUS_MCP_PREFIX: 'never' } });
  const client = await place.client('modern');
  await client.listTools();
  for (let at = 0; at < 3; at += 1) expect(await textOf(client, 'crash')).toContain('ended with exit code 3');
  expect(await textOf(client, 'pid')).toContain('left alone');
});
