import { afterEach, expect, test } from '@jest/globals';
import { gatewayPlace, type GatewayPlace } from '../../support/mcp/gateway-place.ts';
import { fixture } from '../../support/mcp/pool-place.ts';

let place: GatewayPlace;
afterEach(() => place.close());

test('a tool that a rule denies takes its name from no other with `never` [MCP-2]', async () => {
  place = await gatewayPlace(
    { one: fixture(), two: fixture() },
    {
      env: { CODEX_PLUS_MCP_PREFIX: 'never' },
      settings: { permissions: { deny: ['mcp__one__echo'] } },
    },
  );
  const client = await place.client('modern');
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain('echo');
  expect(await client.callTool({ name: 'echo', arguments: { text: 'two' } })).toMatchObject({
    content: [{ type: 'text', text: 'two' }],
  });
});
