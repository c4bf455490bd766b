import { expect, test } from '@jest/globals';
import { call, text } from '../../support/checked-bench.ts';
import { fixture } from '../../support/mcp/pool-place.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

test.each([
  ['ends', 'crash', 'MCP server "one" ended with exit code 3'],
  ['writes 50 MB of lines', 'flood', 'flooded'],
  ['writes 50 MB in one line', 'flood-line', 'wrote a line of more than 10485760 characters'],
  ['writes what is no message', 'garbage', 'tidy'],
  ['hangs', 'hang', 'timed out after 5 s'],
  ['answers twice', 'twice', 'first'],
  ['starts another program', 'fork', ''],
  ['gets another tool', 'grow', 'there is one more'],
  ['answers another id', 'wrong-id', 'timed out after 5 s'],
])('a server that %s in a call takes no turn down [MCP-2] [MCP-5]', async (_, tool, told) => {
  const entries = { one: fixture('good', { timeout: 5000 }), two: fixture('good', { env: { OTHER: '1' } }) };
  await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: entries }));
  bench.answers(
    [call(`mcp__one__${tool}`, 'c1'), call('mcp__two__echo', 'c2', { text: 'fine' })],
    [text('Done.')],
  );
  const said = await bench.client(0).tell([['user', 'go']], true);
  expect(said.spoken).toEqual([['text', 'Done.']]);
  expect(bench.sent(1).slice(-2)).toEqual([
    ['output', 'c1', expect.stringContaining(told)],
    ['output', 'c2', 'fine'],
  ]);
});

test('a server that failed three times is left alone, and `/metrics` and `/mcp list` say so [MCP-2] [MCP-5]', async () => {
  const entries = { one: fixture() };
  await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: entries }));
  const crash = (id: string) => [call('mcp__one__crash', id)];
  bench.answers(crash('c1'), crash('c2'), crash('c3'), crash('c4'), [text('Done.')]);
  await bench.client(0).tell([['user', 'go']], true);
  expect(bench.sent(-1).at(-1)).toEqual(['output', 'c4', expect.stringContaining('is left alone for 60 s')]);
  const metrics = await (await fetch(`${bench.middleware.url}/metrics`)).text();
  expect(metrics).toContain('codex_plus_mcp_servers{state="resting"} 1');
  expect(metrics).toContain('codex_plus_mcp_breaker_state{server="one"} 2');
  expect(metrics).toContain('codex_plus_mcp_failures{server="one"} 3');
  expect(metrics).toContain('codex_plus_mcp_calls_total{outcome="broken",server="one"} 3');
  expect(metrics).toContain('codex_plus_mcp_calls_total{outcome="resting",server="one"} 1');
  const { spoken } = await bench.client(0).tell([['user', '/mcp list']], true);
  expect(spoken).toEqual([['text', expect.stringContaining('**left alone** for ')]]);
});
