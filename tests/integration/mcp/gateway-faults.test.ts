import { afterEach, expect, test } from '@jest/globals';
import type { Client } from '@modelcontextprotocol/client';
import { isRunning } from '../../support/is-running.ts';
import { fixture } from '../../support/mcp/pool-place.ts';
import { gatewayPlace, type GatewayPlace } from '../../support/mcp/gateway-place.ts';

let place: GatewayPlace | undefined;
afterEach(() => place?.close());

async function textOf(client: Client, name: string, input: Record<string, unknown> = {}): Promise<string> {
  const { content } = await client.callTool({ name, arguments: input });
  return content.map((block) => (block.type === 'text' ? block.text : block.type)).join('|');
}

test.each([
  ['ends', 'old', 'crash', 'ended with exit code 3: the disk is on fire'],
  ['hangs', 'old', 'hang', 'timed out after 5 s'],
  ['answers another id', 'old', 'wrong-id', 'timed out after 5 s'],
  ['answers twice', 'old', 'twice', 'first'],
  ['writes 50 MB of lines', 'good', 'flood', 'flooded'],
  ['writes 50 MB in one line', 'good', 'flood-line', 'wrote a line of more than 10485760 characters'],
  ['writes what is no message', 'good', 'garbage', 'tidy'],
  ['gets another tool', 'good', 'grow', 'there is one more'],
])(
  'at /mcp a server that %s in a call keeps nobody from the next one [MCP-2] [MCP-5]',
  async (_, how, tool, told) => {
    place = await gatewayPlace({ one: fixture(how, { timeout: 5_000 }), two: fixture() });
    const client = await place.client('modern');
    const other = await place.client('legacy');
    const [said, beside] = await Promise.all([
      textOf(client, `one__${tool}`),
      textOf(other, 'two__echo', { text: 'beside' }),
    ]);
    expect(said).toContain(told);
    expect(beside).toBe('beside');
    expect(await textOf(client, 'one__echo', { text: 'next' })).toBe('next');
  },
);

test('what servers started behind /mcp ends with the middleware, whatever they do against it [MCP-1] [MCP-5]', async () => {
  place = await gatewayPlace({ one: fixture('ignore-sigterm'), two: fixture() });
  const client = await place.client('modern');
  const pids = [
    await textOf(client, 'one__pid'),
    await textOf(client, 'two__fork'),
    await textOf(client, 'two__pid'),
  ].map(Number);
  expect(pids.map(isRunning)).toEqual([true, true, true]);
  await place.close();
  place = undefined;
  expect(pids.map(isRunning)).toEqual([false, false, false]);
});

test('at /mcp what a server tells about one call has a bound, and the answer comes [MCP-2] [MCP-5]', async () => {
  place = await gatewayPlace({ one: fixture('old') });
  let told = 0;
  const client = await place.client('legacy', {
    prepare: (made) => {
      made.setNotificationHandler('notifications/message', ({ params }) => {
        told += String(params.data).length;
      });
    },
  });
  const params = { level: 'error', data: 'x'.repeat(10_000) };
  const line = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params });
  expect(await textOf(client, 'one__flood-with', { line, count: 800 })).toBe('flooded');
  expect(told).toBeGreaterThan(3 * 1024 * 1024);
  expect(told).toBeLessThan(4 * 1024 * 1024);
});

test.each(['[', '{"a":'])('at /mcp a request of nothing but %s is refused unread [MCP-2]', async (piece) => {
  place = await gatewayPlace({});
  const answer = await fetch(`${place.middleware.url}/mcp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: piece.repeat(2_000),
  });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({
    error: { code: -32_600, message: 'The request is nested deeper than 1000 levels' },
  });
});
