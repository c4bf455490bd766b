import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { gatewayPlace, type GatewayPlace } from '../../../support/mcp/gateway-place.ts';

let place: GatewayPlace;
afterEach(() => place.close());

/** A server that refuses to tell of its resource once it was asked to list it a second time, so that two requests wait for it. */
const source = `
import { createInterface } from 'node:readline';
const say = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\\n');
const refused = [];
const results = {
  initialize: {
    protocolVersion: '2025-11-25',
    capabilities: { tools: {}, resources: { subscribe: true } },
    serverInfo: { name: 's', version: '1' },
  },
  'tools/list': { tools: [{ name: 'refuse', inputSchema: { type: 'object' } }] },
  'tools/call': { content: [] },
  'resources/list': { resources: [{ name: 'a', uri: 'a://a' }] },
  'resources/templates/list': { resourceTemplates: [] },
};
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line);
  if (id === undefined) return;
  if (method === 'resources/subscribe') return refused.push(id);
  if (method === 'tools/call')
    for (const one of refused) say({ id: one, error: { code: -32603, message: 'not today' } });
  const result = results[method];
  say(result === undefined ? { id, error: { code: -32601, message: 'no such method' } } : { id, result });
});`;

test('a resource that is subscribed to twice at once is refused twice where its server refuses it [MCP-2]', async () => {
  place = await gatewayPlace({});
  const file = join(place.home, 'one.mjs');
  writeFileSync(file, source);
  const entry = { command: process.execPath, args: [file] };
  writeFileSync(join(place.home, '.claude.json'), JSON.stringify({ mcpServers: { one: entry } }));
  const client = await place.client('legacy');
  await client.listResources();
  let settled = 0;
  const asked = [1, 2].map(() =>
    client.subscribeResource({ uri: 'a://a' }).finally(() => {
      settled += 1;
    }),
  );
  const both = Promise.allSettled(asked);
  while (settled === 0) await client.callTool({ name: 'one__refuse', arguments: {} });
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
}, 30_000);
