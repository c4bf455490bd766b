import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { callCases } from '../../support/call-clients.ts';
import { call, text } from '../../support/checked-bench.ts';
import { fixture } from '../../support/mcp/pool-place.ts';
import { lookedAgain } from '../../support/test-clock.ts';
import { until } from '../../support/until.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

const bench = useWholeBench();

async function servers(entries: Readonly<Record<string, JsonObject>>): Promise<void> {
  await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: entries }));
}

interface WireTool {
  readonly name?: string;
  readonly function?: { readonly name: string };
}

/** The names of the tools that the model was offered with its nth request. */
function offered(index: number): readonly string[] {
  const tools = (bench.upstream.requests.at(index)?.json?.['tools'] ?? []) as readonly WireTool[];
  return tools.map((tool) => tool.name ?? tool.function?.name ?? '');
}

describe.each(callCases)('%s: a tool of an MCP server', (_, which, stream) => {
  test('is offered, called here, and its client sees one answer without the call [MCP-2]', async () => {
    await servers({ one: fixture() });
    const client = bench.client(which);
    bench.answers(
      [text('Let me see.'), call('mcp__one__echo', 'c1', { text: 'four' })],
      [text('It is four.')],
    );
    const said = await client.tell([['user', 'what is 2+2?']], stream);
    expect(offered(0)).toContain('mcp__one__echo');
    expect(said.spoken.map(([kind]) => kind)).not.toContain('call');
    expect(said.spoken.map(([, words]) => words).join(' ')).toMatch(/Let me see\.\s+It is four\./);
    expect(bench.sent(1)).toEqual([
      ['user', 'what is 2+2?'],
      ['text', 'Let me see.'],
      ['call', 'mcp__one__echo', { text: 'four' }, 'c1'],
      ['output', 'c1', 'four'],
    ]);
    const first = bench.upstream.requests[1]?.json;
    bench.answers([text('You are welcome.')]);
    await client.tell([['user', 'thanks']], stream);
    // The model has all of it, and the same list of tools.
    expect(bench.sent(2)).toEqual([...bench.sent(1), ['text', 'It is four.'], ['user', 'thanks']]);
    expect(JSON.stringify(bench.upstream.requests[2]?.json?.['tools'])).toBe(
      JSON.stringify(first?.['tools']),
    );
  });

  test('is called beside tools of the client, which gets its own calls alone [MCP-2]', async () => {
    await servers({ one: fixture() });
    const client = bench.client(which);
    bench.answers(
      [call('mcp__one__echo', 'c1', { text: 'ours' }), call('look', 'c2', { at: 'it' })],
      [text('Done.')],
    );
    const said = await client.tell([['user', 'do both']], stream);
    expect(said.spoken).toEqual([['call', 'look', { at: 'it' }, 'c2']]);
    expect(bench.upstream.requests).toHaveLength(1);
    const done = await client.tell([['output', 'c2', 'seen']], stream);
    expect(done.spoken).toEqual([['text', 'Done.']]);
    expect(bench.sent(1)).toEqual([
      ['user', 'do both'],
      ['call', 'mcp__one__echo', { text: 'ours' }, 'c1'],
      ['call', 'look', { at: 'it' }, 'c2'],
      ['output', 'c1', 'ours'],
      ['output', 'c2', 'seen'],
    ]);
  });

  test('runs with others at the same time, whatever comes of them [MCP-2]', async () => {
    // The same entry would be the same process.
    await servers({ one: fixture(), two: fixture('good', { env: { OTHER: '1' } }) });
    const client = bench.client(which);
    bench.answers(
      [
        call('mcp__one__echo', 'c1', { text: 'a' }),
        call('mcp__one__fail', 'c2'),
        call('mcp__two__crash', 'c3'),
        call('mcp__one__echo', 'c4', { text: 'b' }),
      ],
      [text('Done.')],
    );
    expect((await client.tell([['user', 'go']], stream)).spoken).toEqual([['text', 'Done.']]);
    const outputs = bench.sent(1).filter(([kind]) => kind === 'output');
    expect(outputs.map(([, id]) => id)).toEqual(['c1', 'c2', 'c3', 'c4']);
    expect(outputs.map(([, , words]) => words)).toEqual([
      'a',
      expect.stringContaining('it is not so'),
      expect.stringContaining('MCP server "two" ended'),
      'b',
    ]);
  });

  test('goes through hooks: another input, another output, and words to the model [MCP-2] [HK-2]', async () => {
    await servers({ one: fixture() });
    const hook = (output: object): string => `echo '${JSON.stringify({ hookSpecificOutput: output })}'`;
    await bench.hooks({
      PreToolUse: {
        matcher: 'mcp__one__echo',
        command: hook({ hookEventName: 'PreToolUse', updatedInput: { text: 'changed' } }),
      },
      PostToolUse: {
        matcher: 'mcp__one__echo',
        command: `cat > ${bench.folder}/heard; ${hook({ hookEventName: 'PostToolUse', updatedMCPToolOutput: 'redacted', additionalContext: 'mind it' })}`,
      },
    });
    bench.answers([call('mcp__one__echo', 'c1', { text: 'given' })], [text('Done.')]);
    expect((await bench.client(which).tell([['user', 'go']], stream)).spoken).toEqual([['text', 'Done.']]);
    const [heard] = await bench.kept('heard');
    expect(heard).toMatchObject({
      tool_name: 'mcp__one__echo',
      tool_input: { text: 'changed' },
      tool_response: [{ type: 'text', text: 'changed' }],
    });
    expect(bench.sent(1).at(-1)).toEqual(['output', 'c1', expect.stringMatching(/^redacted\n\n.*mind it/)]);
  });

  test('that a rule refuses for some inputs does not run; one that a rule denies is not offered [MCP-2] [SEC-1]', async () => {
    await servers({ one: fixture(), two: fixture() });
    const deny = ['mcp__two', 'mcp__one__crash', 'mcp__one__f*'];
    await bench.file('home/.claude/settings.json', JSON.stringify({ permissions: { deny } }));
    bench.answers([call('mcp__two__echo', 'c1', { text: 'a' })], [text('Done.')]);
    const said = await bench.client(which).tell([['user', 'go']], stream);
    expect(offered(0)).toContain('mcp__one__echo');
    expect(offered(0).filter((name) => /two|crash|__f/.test(name))).toEqual([]);
    // What was not offered is none of ours: a rule refuses it all the same.
    expect(said.spoken.map(([, words]) => words).join(' ')).toMatch(
      /^Done\.\s+Codex-Plus refused a call of mcp__two/,
    );
  });

  test('is found by a search where all of them would be too much [MCP-2] [SEC-1]', async () => {
    await bench.restart({ CODEX_PLUS_MCP_SEARCH_ABOVE_TOKENS: '10' });
    await servers({ one: fixture() });
    await bench.file(
      'home/.claude/settings.json',
      JSON.stringify({ permissions: { deny: ['mcp__one__long(length:5)'] } }),
    );
    const use = (name: string, callId: string, args: object): ReturnType<typeof call> =>
      call('mcp__codex_plus__call_tool', callId, { name, arguments: args });
    bench.answers(
      [call('mcp__codex_plus__search_tools', 'c1', { query: 'echo' })],
      [
        use('mcp__one__echo', 'c2', { text: 'four' }),
        use('mcp__one__nothing', 'c3', {}),
        use('mcp__one__long', 'c4', { length: '5' }),
      ],
      [text('Done.')],
    );
    const said = await bench.client(which).tell([['user', 'go']], stream);
    expect(offered(0)).toEqual(['mcp__codex_plus__search_tools', 'mcp__codex_plus__call_tool']);
    expect(said.spoken[0]?.[1]).toMatch(/^Done\./);
    const outputs = bench.sent(2).filter(([kind]) => kind === 'output');
    expect(outputs.map(([, , words]) => words)).toEqual([
      expect.stringContaining('"name":"mcp__one__echo"'),
      'four',
      expect.stringContaining('There is no tool "mcp__one__nothing"'),
      expect.stringMatching(/denied|not allowed|permission/i),
    ]);
  });

  test('that the user is asked about runs after a yes, and not after a no [MCP-2]', async () => {
    await servers({ one: fixture() });
    await bench.file(
      'home/.claude/settings.json',
      JSON.stringify({ permissions: { ask: ['mcp__one__echo'] } }),
    );
    const client = bench.client(which);
    bench.answers([call('mcp__one__echo', 'c1', { text: 'asked' })], [text('Done.')]);
    const asked = await client.tell([['user', 'go']], stream);
    expect(asked.spoken.map(([, words]) => words).join('')).toContain('mcp__one__echo');
    expect(bench.upstream.requests).toHaveLength(1);
    const said = await client.tell([['user', 'yes']], stream);
    expect(said.spoken).toEqual([['text', 'Done.']]);
    const known = [
      ['user', 'go'],
      ['call', 'mcp__one__echo', { text: 'asked' }, 'c1'],
      ['output', 'c1', 'asked'],
    ];
    expect(bench.sent(1)).toEqual(known);
    bench.answers([call('mcp__one__echo', 'c2', { text: 'again' })], [text('Well.')]);
    bench.upstream.forget();
    await client.tell([['user', 'more']], stream);
    expect(bench.sent(0)).toEqual([...known, ['text', 'Done.'], ['user', 'more']]);
    await client.tell([['user', 'no']], stream);
    expect(bench.sent(1).at(-1)).toEqual([
      'output',
      'c2',
      expect.stringContaining("doesn't want to proceed"),
    ]);
  });
});

describe('the list of tools', () => {
  test('stays the same within a turn, and what changed is taken in the next one [MCP-2]', async () => {
    await servers({ one: fixture() });
    const client = bench.client(0);
    bench.answers([call('mcp__one__grow', 'c1'), call('look', 'c2')], [text('Done.')]);
    await client.tell([['user', 'grow']], false);
    await client.tell([['output', 'c2', 'seen']], false);
    expect(offered(1)).toEqual(offered(0));
    // The server says so when it likes, and is asked for its list then.
    await until(async () => {
      await client.fork().tell([['user', 'and now?']], false);
      return offered(bench.upstream.requests.length - 1).length > offered(0).length;
    });
    const last = bench.upstream.requests.length - 1;
    expect(offered(last)).toEqual([...offered(0), 'mcp__one__grown'].sort());
  });

  test('has tools of a project only after somebody allowed its server [MCP-2]', async () => {
    await bench.file('project/.mcp.json', JSON.stringify({ mcpServers: { one: fixture() } }));
    await bench.client(0).tell([['user', 'hi']], false);
    expect(offered(0)).toEqual([]);
    await bench.file('home/.claude/settings.json', JSON.stringify({ enabledMcpjsonServers: ['one'] }));
    lookedAgain();
    await bench.client(0).tell([['user', 'hi']], false);
    expect(offered(1)).toContain('mcp__one__echo');
  });
});
