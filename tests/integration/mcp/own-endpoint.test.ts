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

const leftOut = 'is the /mcp of Codex-Plus itself: left out here, its client uses it';

const addresses = [
  ['http', (url: string) => `${url}/mcp`],
  ['http', (url: string) => `${url.replace('127.0.0.1', 'localhost')}/mcp?project=/nowhere`],
  ['http', (url: string) => `${url}/mcp/`],
  ['sse', (url: string) => `${url}/mcp`],
] as const;

test.each(addresses)(
  'the own /mcp as %s (%s) is no server of ours: nothing is offered of it, and nothing failed [MCP-1] [SEC-1]',
  async (type, addressOf) => {
    const all = { type, url: addressOf(bench.middleware.url) };
    const mcpServers = { one: askingFixture('old'), all };
    await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers }));
    bench.answers([text('Hello.')]);
    const body = JSON.stringify({ model: 'm', input: 'hi' });
    const headers = { 'content-type': 'application/json', 'x-codex-plus-workspace': bench.workspace };
    const answer = await fetch(`${bench.middleware.url}/v1/responses`, { method: 'POST', body, headers });
    await answer.text();
    expect(answer.headers.get('x-codex-plus-notice')).toBeNull();
    expect(offered()).toContain('mcp__one__ask');
    expect(offered().filter((name) => String(name).startsWith('mcp__all__'))).toEqual([]);
    const list = await tell('/mcp list');
    expect(list).toContain(`\`all\``);
    expect(list).toContain(leftOut);
    expect(list).not.toContain('error');
    expect(list).not.toContain('mend');
    const shown = await tell('/mcp all');
    expect(shown).toContain(leftOut);
    expect(shown).not.toContain('could not');
    const metrics = await (await fetch(`${bench.middleware.url}/metrics`)).text();
    expect(metrics).toContain('codex_plus_mcp_failures{server="one"} 0');
    expect(metrics).not.toContain('server="all"');
    expect(bench.middleware.lines.filter(({ msg }) => msg === 'an MCP server failed')).toEqual([]);
  },
);

test('the own /mcp is known where it asks for a key that the entry lacks [MCP-1] [SEC-1]', async () => {
  await bench.restart({ CODEX_PLUS_API_KEYS: 'sk-test-key-of-the-user-0123456789' });
  const answer = await fetch(`${bench.middleware.url}/mcp`, { method: 'POST', body: '{}' });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('x-codex-plus-endpoint')).toMatch(/^[0-9a-f-]{36}$/);
});

test('another /mcp than the own one is a server like any [MCP-1]', async () => {
  const answer = await fetch(`${bench.middleware.url}/mcp`, { method: 'POST', body: '{}' });
  expect(answer.headers.get('x-codex-plus-endpoint')).toMatch(/^[0-9a-f-]{36}$/);
});
