import { describe, expect, test } from '@jest/globals';
import { callCases } from '../../support/call-clients.ts';
import { call, text } from '../../support/checked-bench.ts';
import { bareFixture, fixture } from '../../support/mcp/pool-place.ts';
import { lookedAgain } from '../../support/test-clock.ts';
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
      [
        'output',
        'c2',
        expect.stringMatching(
          /^There is no tool "made_up" of MCP server "one"; there are: .*\bmcp__one__echo\b.*\.$/,
        ),
      ],
      ['output', 'c3', expect.stringContaining('MCP server "two"')],
    ]);
    const told = bench.middleware.lines.filter(
      ({ message }) => message === 'a tool of an MCP server was called',
    );
    expect(told.map(({ tool, outcome }) => [tool, outcome])).toEqual(
      expect.arrayContaining([
        ['echo', 'ok'],
        ['made_up', 'refused'],
        ['search', 'not-started'],
      ]),
    );
  });

  test.each(['mcp__one__params ', 'mcp__one__PARAMS', 'mcp__one__par\u200Bams', 'mcp__one__long'])(
    'is an answer to the model where its server does not list it as %j [MCP-2]',
    async (name) => {
      await servers({ one: bareFixture() });
      const permissions = { deny: ['mcp__one__params'] };
      await bench.file('home/.claude/settings.json', JSON.stringify({ permissions }));
      bench.answers([call(name, 'c1')], [text('Done.')]);
      await bench.client(which).tell([['user', 'go']], stream);
      const told = 'there are: mcp__one__crash, mcp__one__lose, mcp__one__refuse.';
      expect(bench.sent(1).at(-1)).toEqual(['output', 'c1', expect.stringContaining(told)]);
    },
  );

  test('is one where no server has told its tools [MCP-2]', async () => {
    await servers({ two: { command: '/nowhere/there' } });
    bench.answers([call('mcp__two__search', 'c1')], [text('Done.')]);
    const said = await bench.client(which).tell([['user', 'go']], stream);
    expect(said.spoken).toEqual([['text', 'Done.']]);
    expect(bench.sent(1).at(-1)).toEqual(['output', 'c1', expect.stringContaining('MCP server "two"')]);
  });

  test.each([
    ['and others stay', { two: fixture() }],
    ['and none stays', {}],
  ])('is an answer to the model where its server was removed since, %s [MCP-2]', async (_case, left) => {
    await servers({ one: fixture(), ...left });
    const client = bench.client(which);
    bench.answers([call('mcp__one__echo', 'c1', { text: 'four' })], [text('Done.')]);
    await client.tell([['user', 'go']], stream);
    await servers(left);
    lookedAgain();
    const from = bench.upstream.requests.length;
    bench.upstream.use((_seen, index) => ({
      kind: 'answer',
      items: index === from ? [call('mcp__one__echo', 'c2', { text: 'five' })] : [text('Gone.')],
      turn: index,
    }));
    const said = await client.tell([['user', 'once more']], stream);
    expect(said.spoken).toEqual([['text', 'Gone.']]);
    expect(bench.sent(-1).at(-1)).toEqual([
      'output',
      'c2',
      expect.stringContaining('no MCP server "one" is configured'),
    ]);
  });

  test("is the client's where nobody has such a server [MCP-2]", async () => {
    await servers({ one: fixture() });
    bench.answers([call('mcp__other__search', 'c1')]);
    const said = await bench.client(which).tell([['user', 'go']], stream);
    expect(said.spoken).toEqual([['call', 'mcp__other__search', {}, 'c1']]);
  });
});

describe('a call at a server that was removed since, of a client that', () => {
  /** The names of the calls that the client gets, whose request says more than the same words. */
  async function given(more: Readonly<Record<string, unknown>>): Promise<readonly unknown[]> {
    await servers({ one: fixture() });
    const headers = { 'content-type': 'application/json', 'x-codex-plus-workspace': bench.workspace };
    const tell = async (
      body: Readonly<Record<string, unknown>>,
    ): Promise<{ output: { name?: string }[] }> => {
      const said = { model: 'm', input: 'go', ...body };
      const url = `${bench.middleware.url}/v1/responses`;
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(said) });
      return (await answer.json()) as { output: { name?: string }[] };
    };
    bench.answers([call('mcp__one__echo', 'c1', { text: 'four' })], [text('Done.')]);
    await tell({});
    await servers({});
    lookedAgain();
    bench.upstream.forget();
    bench.answers([call('mcp__one__echo', 'c2', { text: 'five' })], [text('Gone.')]);
    const { output } = await tell(more);
    return output.flatMap(({ name }) => (name === undefined ? [] : [name]));
  }

  test('has no such tool is answered here [MCP-2]', async () => {
    expect(await given({})).toEqual([]);
  });

  test.each([
    ['has such a tool itself', { tools: [{ type: 'function', name: 'mcp__one__echo', parameters: {} }] }],
    [
      'was told its group by a search',
      {
        input: [
          { role: 'user', content: 'go' },
          { type: 'tool_search_call', call_id: 's1', execution: 'client', arguments: { query: 'echo' } },
          {
            ...{ type: 'tool_search_output', call_id: 's1', execution: 'client', status: 'completed' },
            tools: [
              {
                ...{ type: 'namespace', name: 'mcp__one', description: 'One.' },
                tools: [{ type: 'function', name: 'echo', parameters: {}, defer_loading: true }],
              },
            ],
          },
          { role: 'user', content: 'once more' },
        ],
      },
    ],
  ])('%s is its own [MCP-2]', async (_case, more) => {
    const names = await given(more);
    // It knows nothing of searches.
    bench.forgive();
    expect(names).toEqual(['mcp__one__echo']);
  });
});
