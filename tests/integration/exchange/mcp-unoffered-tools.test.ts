import { describe, expect, test } from '@jest/globals';
import { callCases } from '../../support/call-clients.ts';
import { call, text } from '../../support/checked-bench.ts';
import { fixture } from '../../support/mcp/pool-place.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

async function servers(entries: Readonly<Record<string, object>>): Promise<void> {
  await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: entries }));
}

describe.each(callCases)('%s: a call of a tool that was not offered', (_, which, stream) => {
  test('is an answer to the model where it names a server of ours, and a call beside it stays [MCP-2]', async () => {
    await servers({ one: fixture(), two: { command: '/nowhere/there' } });
    bench.answers(
      [
        call('mcp__one__echo', 'c1', { text: 'four' }),
        call('mcp__one__made_up', 'c2'),
        call('mcp__two__search', 'c3'),
      ],
      [text('Done.')],
    );
    const said = await bench.client(which).tell([['user', 'go']], stream);
    expect(said.spoken).toEqual([['text', 'Done.']]);
    expect(bench.sent(1).filter(([kind]) => kind === 'output')).toEqual([
      ['output', 'c1', 'four'],
      ['output', 'c2', expect.stringContaining('made_up')],
      ['output', 'c3', expect.stringContaining('MCP server "two"')],
    ]);
    const told = bench.middleware.lines.filter(
      ({ message }) => message === 'a tool of an MCP server was called',
    );
    expect(told.map(({ tool, outcome }) => [tool, outcome])).toEqual(
      expect.arrayContaining([
        ['echo', 'ok'],
        ['made_up', 'tool_error'],
        ['search', 'not-started'],
      ]),
    );
  });

  test('is one where no server has told its tools [MCP-2]', async () => {
    await servers({ two: { command: '/nowhere/there' } });
    bench.answers([call('mcp__two__search', 'c1')], [text('Done.')]);
    const said = await bench.client(which).tell([['user', 'go']], stream);
    expect(said.spoken).toEqual([['text', 'Done.']]);
    expect(bench.sent(1).at(-1)).toEqual(['output', 'c1', expect.stringContaining('MCP server "two"')]);
  });

  test("is the client's where nobody has such a server [MCP-2]", async () => {
    await servers({ one: fixture() });
    bench.answers([call('mcp__other__search', 'c1')]);
    const said = await bench.client(which).tell([['user', 'go']], stream);
    expect(said.spoken).toEqual([['call', 'mcp__other__search', {}, 'c1']]);
  });
});
