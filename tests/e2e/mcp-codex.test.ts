import { expect, jest, test } from '@jest/globals';
import { startCodexThread } from '../support/codex-thread.ts';
import type { Item } from '../support/fake-upstream/step.ts';
import { fixture } from '../support/mcp/pool-place.ts';
import { makeCodexHome, pointedAt } from '../support/run-codex.ts';
import { useWholeBench } from '../support/whole-bench.ts';

jest.setTimeout(120_000);

const bench = useWholeBench();

const text = (words: string): Item => ({ kind: 'text', text: words });
const run = (cmd: string, callId: string): Item => ({
  ...{ kind: 'call', name: 'exec_command', callId },
  arguments: { cmd },
});

async function server(): Promise<void> {
  await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers: { one: fixture() } }));
}

/** What the model got as outputs with its nth request, by the ids of the calls. */
function outputs(index: number): Readonly<Record<string, string>> {
  const found = bench.sent(index).flatMap((spoken) => (spoken[0] === 'output' ? [spoken] : []));
  return Object.fromEntries(found.map(([, id, words]) => [id, words]));
}

test.each([
  ['m', undefined],
  // It has its tools in groups, in an item of the conversation.
  ['gpt-6.1-sol', 'mcp__one'],
])(
  'codex exec with the model %s: a tool of an MCP server is called here, beside a command of its own [MCP-2]',
  async (model, namespace) => {
    await server();
    const echo: Item = {
      ...{ kind: 'call', callId: 'c1', arguments: { text: 'from the server' } },
      ...(namespace === undefined ? { name: 'mcp__one__echo' } : { name: 'echo', namespace }),
    };
    bench.answers(
      [text('I look.'), echo, run('echo from the shell', 'c2')],
      [echo2(echo)],
      [text('Both are there.')],
    );
    const codex = await makeCodexHome();
    const told = await codex.exec([...pointedAt(bench.middleware.url), '--model', model, 'Look it up.']);
    expect([told.exitCode, told.errors]).toEqual([0, []]);
    expect(told.messages).toEqual(['I look.', 'Both are there.']);
    expect(told.commands.map(({ aggregated_output: output }) => output.trim())).toEqual(['from the shell']);
    expect(JSON.stringify(told.events)).not.toContain('mcp__one');
    expect(bench.upstream.requests).toHaveLength(3);
    expect(outputs(2)).toMatchObject({
      c1: 'from the server',
      c2: expect.stringContaining('from the shell'),
      c3: 'from the server',
    });
    // The list of tools is the same in each request of the turn.
    const lists = bench.upstream.requests.map(({ json }) =>
      JSON.stringify(json?.['tools'] ?? (json?.['input'] as unknown[])[0]),
    );
    expect(lists[0]).toContain('mcp__one');
    expect(new Set(lists).size).toBe(1);
  },
);

/** The same call again. */
function echo2(echo: Item): Item {
  return { ...echo, callId: 'c3' } as Item;
}

test('a conversation in its interface goes on with what tools said before that it never saw [MCP-2]', async () => {
  await server();
  bench.answers(
    [{ kind: 'call', name: 'mcp__one__echo', callId: 'c1', arguments: { text: 'four' } }],
    [text('It is four.')],
    [text('As I said: four.')],
  );
  const thread = await startCodexThread(bench.middleware.url, await makeCodexHome());
  expect((await thread.say('What is it?')).messages).toEqual(['It is four.']);
  expect((await thread.say('Say it again.')).messages).toEqual(['As I said: four.']);
  await thread.end();
  const spoken = bench.sent(2).slice(-5);
  expect(spoken.map(([kind]) => kind)).toEqual(['user', 'call', 'output', 'text', 'user']);
  expect(spoken[2]).toEqual(['output', 'c1', 'four']);
});
