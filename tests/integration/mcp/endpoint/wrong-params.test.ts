import { afterEach, expect, test } from '@jest/globals';
import { parseJsonObject } from '../../../../middleware/kernel/json-object.ts';
import { bareFixture } from '../../../support/mcp/pool-place.ts';
import { gatewayPlace, type GatewayPlace } from '../../../support/mcp/gateway-place.ts';

let place: GatewayPlace;
afterEach(() => place.close());

test.each([[[{ toString: 1, valueOf: 1 }]], [[null]], [[['note://1']]], [['note://1', 1]], ['note://1']])(
  'a stream of the newer protocol at /mcp that is to tell of %j is refused for its parameters [MCP-3]',
  async (resourceSubscriptions) => {
    place = await gatewayPlace({ one: bareFixture() });
    const method = 'subscriptions/listen';
    const answer = await fetch(`${place.middleware.url}/mcp`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': method,
      },
      body: JSON.stringify({
        ...{ jsonrpc: '2.0', id: 7, method },
        params: {
          notifications: { resourceSubscriptions },
          _meta: {
            'io.modelcontextprotocol/protocolVersion': '2026-07-28',
            'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1.0.0' },
            'io.modelcontextprotocol/clientCapabilities': {},
          },
        },
      }),
    });
    const said = await answer.text();
    expect(parseJsonObject(said.slice(said.indexOf('{')))).toMatchObject({ id: 7, error: { code: -32_602 } });
  },
);
