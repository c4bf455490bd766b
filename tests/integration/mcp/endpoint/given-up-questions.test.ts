import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { fixture } from '../../../support/mcp/pool-place.ts';
import { gatewayPlace, type GatewayPlace } from '../../../support/mcp/gateway-place.ts';
import { until } from '../../../support/until.ts';

let place: GatewayPlace;
afterEach(() => place.close());

async function endSession({ transport }: Client): Promise<void> {
  await (transport as StreamableHTTPClientTransport).terminateSession();
}

test.each([
  [
    'gives the call up',
    ({ leaving }) => {
      leaving.abort(new Error('not any more'));
    },
  ],
  ['ends its session', ({ client }) => endSession(client)],
] satisfies readonly (readonly [string, (of: Asked) => unknown])[])(
  'a call that asks the user of an older client at /mcp ends when that %s [MCP-2]',
  async (_, leave: (of: Asked) => unknown) => {
    place = await gatewayPlace({ one: fixture('old') });
    const asked = Promise.withResolvers<undefined>();
    const client = await place.client('legacy', {
      options: { capabilities: { elicitation: {} } },
      prepare: (made) => {
        made.setRequestHandler('elicitation/create', () => {
          asked.resolve(undefined);
          return new Promise<never>(() => undefined);
        });
      },
    });
    const leaving = new AbortController();
    const file = join(place.home, 'cancelled');
    const call = { name: 'one__ask-and-hang', arguments: { file } };
    client.callTool(call, { signal: leaving.signal }).catch(() => undefined);
    await asked.promise;
    await leave({ client, leaving });
    await until(() => existsSync(file));
    await until(() =>
      place.middleware.lines.some(({ tool, outcome }) => tool === 'ask-and-hang' && outcome === 'aborted'),
    );
    const metrics = await (await fetch(`${place.middleware.url}/metrics`)).text();
    expect(metrics).toContain('codex_plus_mcp_calls_total{outcome="aborted",server="one"} 1');
  },
);

interface Asked {
  readonly client: Client;
  readonly leaving: AbortController;
}

/** An older client that says that it can ask its user, and cannot. */
async function withoutScreen(): Promise<Client> {
  return await place.client('legacy', {
    options: { capabilities: { elicitation: {} } },
    prepare: (made) => {
      made.setRequestHandler('elicitation/create', () => {
        throw new Error('there is no screen');
      });
    },
  });
}

test('a call that an older client at /mcp cannot ask its user about is refused in words [MCP-2] [SEC-1]', async () => {
  const settings = { permissions: { ask: ['mcp__one__echo'] } };
  place = await gatewayPlace({ one: fixture() }, { settings });
  const client = await withoutScreen();
  const { content, isError } = await client.callTool({ name: 'one__echo', arguments: { text: 'a' } });
  expect(isError).toBe(true);
  expect(JSON.stringify(content)).toContain('nobody can be asked here');
});

test('a server hears that an older client at /mcp cannot ask its user [MCP-2]', async () => {
  place = await gatewayPlace({ one: fixture('asks-late') });
  const client = await withoutScreen();
  const file = join(place.home, 'late');
  writeFileSync(file, '');
  const { content } = await client.callTool({ name: 'one__ask-late', arguments: { file } });
  expect(content).toEqual([{ type: 'text', text: 'asked' }]);
  expect(readFileSync(`${file}-said`, 'utf8')).toContain('there is no screen');
});
