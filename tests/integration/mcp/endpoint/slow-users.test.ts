import { afterEach, expect, test } from '@jest/globals';
import type { Client } from '@modelcontextprotocol/client';
import { askingFixture, fixture } from '../../../support/mcp/pool-place.ts';
import { gatewayPlace, type GatewayPlace } from '../../../support/mcp/gateway-place.ts';

let place: GatewayPlace;
afterEach(() => place.close());

const timeout = 1_000;
const questions = [
  { message: 'Who?', requestedSchema: { type: 'object', properties: { name: { type: 'string' } } } },
];

test.each(['legacy', 'modern'] as const)(
  'while the user of a %s client is asked at /mcp, the time of the call stands still [MCP-2]',
  async (era) => {
    place = await gatewayPlace({
      one: { ...askingFixture('old'), timeout },
      other: fixture('good', { timeout }),
    });
    const timedOut: unknown[] = [];
    const client: Client = await place.client(era, {
      options: { capabilities: { elicitation: {} } },
      prepare: (made) => {
        made.setRequestHandler('elicitation/create', async () => {
          // Another call with as much time begins and ends while this one waits.
          timedOut.push((await client.callTool({ name: 'other__hang', arguments: {} })).isError);
          return { action: 'accept', content: { name: 'Ada' } };
        });
      },
    });
    const { content } = await client.callTool({ name: 'one__ask', arguments: { questions } });
    expect(timedOut).toEqual([true]);
    expect(JSON.stringify(content)).toContain('Ada');
  },
);

test('at /mcp a server that takes too long behind the answer of a user is given up [MCP-2] [MCP-5]', async () => {
  place = await gatewayPlace({ one: { ...fixture('old'), timeout } });
  const client = await place.client('legacy', {
    options: { capabilities: { elicitation: {} } },
    prepare: (made) => {
      made.setRequestHandler('elicitation/create', () => ({ action: 'accept', content: { name: 'Ada' } }));
    },
  });
  const { content } = await client.callTool({ name: 'one__ask-and-hang', arguments: {} });
  expect(JSON.stringify(content)).toContain('tool \\"ask-and-hang\\" timed out after 1 s');
});
