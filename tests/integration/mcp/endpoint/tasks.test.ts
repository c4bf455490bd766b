import { afterEach, expect, test } from '@jest/globals';
import { parseJsonObject } from '../../../../middleware/kernel/json-object.ts';
import { bareFixture } from '../../../support/mcp/pool-place.ts';
import { gatewayPlace, type GatewayPlace } from '../../../support/mcp/gateway-place.ts';

let place: GatewayPlace;
afterEach(() => place.close());

test('tools that can be called as tasks alone are not offered at /mcp, and `task` of a client goes to no server [MCP-2]', async () => {
  place = await gatewayPlace({ one: bareFixture() });
  const { tools } = await (await place.client('legacy')).listTools();
  const names = tools.map(({ name }) => name).filter((name) => name.startsWith('one__'));
  expect(names).toEqual(['one__params', 'one__refuse', 'one__lose', 'one__crash']);
  const answer = await fetch(`${place.middleware.url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
    },
    body: JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
      params: { name: 'one__params', arguments: { a: 1 }, _meta: { 'x/y': 'z' }, task: { ttl: 60_000 } },
    }),
  });
  const said = await answer.text();
  const told = { _meta: { 'x/y': 'z' }, name: 'params', arguments: { a: 1 } };
  expect(parseJsonObject(said.slice(said.indexOf('{')))).toMatchObject({
    result: { content: [{ type: 'text', text: JSON.stringify(told) }] },
  });
});
