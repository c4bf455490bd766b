import { afterEach, expect, test } from '@jest/globals';
import { bareFixture, fixture } from '../../../support/mcp/pool-place.ts';
import { gatewayPlace, type GatewayPlace } from '../../../support/mcp/gateway-place.ts';

let place: GatewayPlace;
afterEach(() => place.close());

test('a stream of the newer protocol at /mcp acknowledges the resources that it tells of, and no others [MCP-3]', async () => {
  place = await gatewayPlace({ one: bareFixture(), bad: fixture('end-at-start') });
  const client = await place.client('modern');
  const known = Array.from({ length: 101 }, (_, index) => `note://${index}`);
  const stream = await client.listen({ resourceSubscriptions: ['nope://x', ...known] });
  expect(stream.honoredFilter.resourceSubscriptions).toEqual(known.slice(0, 99));
  await stream.close();
});
