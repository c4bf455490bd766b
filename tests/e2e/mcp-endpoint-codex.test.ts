import { expect, jest, test } from '@jest/globals';
import type { Item } from '../support/fake-upstream/step.ts';
import { fixture } from '../support/mcp/pool-place.ts';
import { makeCodexHome, pointedAt } from '../support/run-codex.ts';
import { useWholeBench } from '../support/whole-bench.ts';

jest.setTimeout(120_000);

const bench = useWholeBench();

const text = (words: string): Item => ({ kind: 'text', text: words });

test('Codex calls the tool of a server that it knows through /mcp only [MCP-2]', async () => {
  await bench.file('home/.claude.json', JSON.stringify({ mcpServers: { one: fixture() } }));
  const call: Item = {
    ...{ kind: 'call', namespace: 'mcp__all', name: 'one__echo', callId: 'c1' },
    arguments: { text: 'said through both' },
  };
  bench.answers([call], [text('It said it.')]);
  const { url } = bench.middleware;
  const codex = await makeCodexHome({
    'config.toml': `[mcp_servers.all]\nurl = "${url}/mcp"\nrequired = true\n`,
  });
  const run = await codex.exec([...pointedAt(url), '--model', 'm', 'Say it.']);
  expect([run.exitCode, run.messages]).toEqual([0, ['It said it.']]);
  expect(JSON.stringify(bench.upstream.requests.at(-1)?.json)).toContain('Output:');
  const called = bench.middleware.lines.filter(
    ({ message }) => message === 'a tool of an MCP server was called',
  );
  expect(called).toMatchObject([{ server: 'one', tool: 'echo', outcome: 'ok' }]);
  await codex.remove();
});

const refused = {
  status: 'failed',
  error: expect.objectContaining({ message: expect.stringContaining('requires approval') }),
};
const ran = { status: 'completed' };

test.each([
  ['', ran, refused],
  ['default_tools_approval_mode = "approve"', ran, ran],
  ['default_tools_approval_mode = "prompt"', refused, refused],
  ['[mcp_servers.all.tools.one__echo]\napproval_mode = "approve"', ran, ran],
])(
  'in a sandbox, codex exec calls tools that only read, and others as its configuration says: %j [MCP-2]',
  async (lines, reading, other) => {
    await bench.file('home/.claude.json', JSON.stringify({ mcpServers: { one: fixture() } }));
    const call = (name: string): Item => ({
      ...{ kind: 'call', namespace: 'mcp__all', name, callId: name, arguments: {} },
    });
    bench.answers([call('status'), call('one__echo')], [text('That is it.')]);
    const { url } = bench.middleware;
    const codex = await makeCodexHome({
      'config.toml': `[mcp_servers.all]\nurl = "${url}/mcp"\nrequired = true\n${lines}\n`,
    });
    const run = await codex.exec([...pointedAt(url), '--model', 'm', 'Say it.'], {}, 'workspace-write');
    const called = (tool: string, how: object): unknown =>
      expect.objectContaining({
        type: 'item.completed',
        item: expect.objectContaining({ type: 'mcp_tool_call', tool, ...how }),
      });
    expect(run.events).toEqual(
      expect.arrayContaining([called('status', reading), called('one__echo', other)]),
    );
    await codex.remove();
  },
);
