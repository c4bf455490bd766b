import { afterEach, expect, test } from '@jest/globals';
import type { Client } from '@modelcontextprotocol/client';
import { fixture } from '../../support/mcp/pool-place.ts';
import { gatewayPlace, type GatewayPlace } from '../../support/mcp/gateway-place.ts';

let place: GatewayPlace;
afterEach(async () => {
  await place.close();
});

async function textOf(client: Client, name: string, input: Record<string, unknown> = {}): Promise<string> {
  const { content } = await client.callTool({ name, arguments: input });
  return content.map((block) => (block.type === 'text' ? block.text : block.type)).join('|');
}

test('status tells how each server is, and starts none [MCP-2] [MCP-5]', async () => {
  place = await gatewayPlace({ bad: fixture('end-at-start'), one: fixture() });
  const client = await place.client('modern');
  const statusOf = async (): Promise<unknown> =>
    (JSON.parse(await textOf(client, 'status')) as { mcpServers: unknown }).mcpServers;
  const unused = { state: 'idle', breaker: 'closed', wantsLogin: false };
  expect(await statusOf()).toEqual(['bad', 'one'].map((name) => ({ name, ...unused })));
  await client.callTool({ name: 'one__echo', arguments: { text: 'x' } });
  await client.callTool({ name: 'bad__echo', arguments: {} });
  expect(await statusOf()).toMatchObject([
    { name: 'bad', state: 'idle', lastError: expect.stringContaining('no licence found') as unknown },
    { name: 'one', state: 'running', protocol: 'modern', breaker: 'closed' },
  ]);
});
