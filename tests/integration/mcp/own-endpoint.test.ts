import { expect, test } from '@jest/globals';
import { text } from '../../support/checked-bench.ts';
import { askingFixture } from '../../support/mcp/pool-place.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

function offered(): readonly unknown[] {
  const tools = (bench.upstream.requests.at(-1)?.json?.['tools'] ?? []) as { readonly name?: unknown }[];
  return tools.map(({ name }) => name);
}

async function tell(words: string): Promise<string> {
  const { spoken } = await bench.client(0).tell([['user', words]], false);
  return spoken.map(([, said]) => said).join(' ');
}

test('the own /mcp is no server of ours: its entry is left out, and that is told [MCP-1] [SEC-1]', async () => {
  const all = { type: 'http', url: `${bench.middleware.url}/mcp` };
  const mcpServers = { one: askingFixture('old'), all };
  await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers }));
  bench.answers([text('Hello.')]);
  await tell('hi');
  expect(offered()).toContain('mcp__one__ask');
  expect(offered().filter((name) => String(name).startsWith('mcp__all__'))).toEqual([]);
  expect(await tell('/mcp list')).toMatch(/`all`[^]*: its address is the \/mcp of Codex-Plus itself/);
});

test('another /mcp than the own one is a server like any [MCP-1]', async () => {
  const answer = await fetch(`${bench.middleware.url}/mcp`, { method: 'POST', body: '{}' });
  expect(answer.headers.get('x-codex-plus-endpoint')).toMatch(/^[0-9a-f-]{36}$/);
});
