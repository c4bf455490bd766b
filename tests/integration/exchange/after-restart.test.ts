import { readdir } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { call } from '../../support/checked-bench.ts';
import { codexTurn, ranCommand, user } from '../../support/codex-turns.ts';
import { askingFixture } from '../../support/mcp/pool-place.ts';
import { callRaw } from '../../support/raw-client.ts';
import { useWholeBench } from '../../support/whole-bench.ts';

type Item = Readonly<Record<string, unknown>>;

const bench = useWholeBench();

function turn(input: readonly Item[]): Promise<string> {
  const { middleware, workspace } = bench;
  return codexTurn(middleware.port, { session: 's1', workspace, input });
}

function sent(): string {
  return JSON.stringify(bench.upstream.requests.at(-1)?.json?.['input']);
}

const said = (text: string): Item => ({
  ...{ type: 'message', role: 'assistant' },
  content: [{ type: 'output_text', text }],
});

async function textOf(answer: Promise<string>): Promise<string> {
  const { output } = JSON.parse(await answer) as { output: { content: { text: string }[] }[] };
  return output[0]?.content[0]?.text ?? '';
}

// As docs/commands.md and docs/permissions.md say it.
describe('after a restart', () => {
  test('a command of before is what the user typed, also in its tool loop, and nothing runs again', async () => {
    await bench.file('home/.claude/commands/greet.md', 'Say hello to $ARGUMENTS.');
    bench.answers([{ kind: 'text', text: 'Hello.' }]);
    const first = user('/greet Ada', 'm1');
    await turn([first]);
    expect(sent()).toContain('Say hello to Ada.');
    await bench.restart();
    for (const rest of [ranCommand('ls', 'c1'), [said('Hello.'), user('more', 'm2')]]) {
      await turn([first, ...rest]);
      expect(JSON.parse(sent())).toEqual([first, ...rest]);
    }
    await turn([first, said('Hello.'), user('/greet Bob', 'm3')]);
    expect(sent()).toContain('Say hello to Bob.');
  });

  test('a question about a command is forgotten: the answer goes to the model, and the next call asks again', async () => {
    const command = '---\nallowed-tools: Bash(echo:*), Bash(touch:*)\n---\nDeploy !`echo hi; touch ran`';
    await bench.file('project/.claude/commands/deploy.md', command);
    bench.answers([{ kind: 'text', text: 'Hello.' }]);
    const asked = [user('/deploy', 'm1'), said(await textOf(turn([user('/deploy', 'm1')])))];
    await bench.restart();
    const answered = [...asked, user('y', 'm2')];
    expect(await textOf(turn(answered))).toBe('Hello.');
    expect(JSON.parse(sent())).toEqual(answered);
    expect(await textOf(turn([...answered, said('Hello.'), user('/deploy', 'm3')]))).toContain('Allow?');
    expect(await readdir(bench.workspace)).toEqual(['.claude']);
  });

  test('a question about a call is forgotten: it has not run, and is asked about when the model makes it again', async () => {
    await bench.hooks({}, undefined, { permissions: { ask: ['Bash(rm:*)'] } });
    const call = { kind: 'call', name: 'exec_command', arguments: { cmd: 'rm x' }, callId: 'c' } as const;
    bench.answers([call], [{ kind: 'text', text: 'ok' }], [{ ...call, callId: 'd' }]);
    const asked = [user('go', 'm1'), said(await textOf(turn([user('go', 'm1')])))];
    await bench.restart();
    const answered = [...asked, user('y', 'm2')];
    expect(await textOf(turn(answered))).toBe('ok');
    expect(JSON.parse(sent())).toEqual(answered);
    expect(await textOf(turn([...answered, said('ok'), user('again', 'm3')]))).toContain('Allow?');
  });

  test('what a server asked, and what was answered, goes to no model and no hook for prompts [MCP-2] [HK-1] [SEC-1]', async () => {
    await bench.hooks({ UserPromptSubmit: `${bench.keeps('heard')}; echo >> ${bench.folder}/heard` });
    const mcpServers = { one: askingFixture('old') };
    await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers }));
    const question = {
      message: 'Which account?',
      requestedSchema: { type: 'object', properties: { account: { type: 'string' } } },
    };
    bench.answers([call('mcp__one__ask', 'c', { questions: [question] })], [{ kind: 'text', text: 'Done.' }]);
    const asked = await textOf(turn([user('go', 'm1')]));
    const answered = [user('go', 'm1'), said(`Let me ask.\n\n${asked}`), user('it is 4242', 'm2')];
    await bench.restart();
    await turn(answered);
    expect(sent()).toMatch(/Let me ask\..*asked the user something here\./);
    await turn([...answered, said('Done.'), user('thanks', 'm3')]);
    expect(sent()).toContain('thanks');
    expect((await bench.kept('heard')).map(({ prompt }) => prompt)).toEqual(['go', 'thanks']);
    const messages = [
      { role: 'user', content: 'go' },
      { role: 'assistant', content: [{ type: 'text', text: asked }] },
      { role: 'user', content: [{ type: 'text', text: 'it is 4242' }] },
    ];
    for (const path of ['/v1/messages', '/v1/chat/completions']) {
      await callRaw(bench.middleware.port, {
        ...{ path, headers: ['content-type', 'application/json'] },
        body: JSON.stringify({ model: 'm', max_tokens: 9, messages }),
      });
    }
    expect(bench.upstream.requests).toHaveLength(5);
    const all = JSON.stringify(bench.upstream.requests.map(({ json }) => json));
    expect(all).not.toMatch(/Which account|4242/);
    expect(all.match(/asked the user something here/g)).toHaveLength(4);
  });

  test('nothing of an answer to a server is in what we said about it [MCP-2] [SEC-1]', async () => {
    const mcpServers = { one: askingFixture('old') };
    await bench.file('home/.codexplus/mcp.json', JSON.stringify({ mcpServers }));
    const properties = { name: { type: 'string' }, place: { type: 'string' } };
    const question = { message: 'Who?', requestedSchema: { type: 'object', properties } };
    bench.answers([call('mcp__one__ask', 'c', { questions: [question] })], [{ kind: 'text', text: 'Done.' }]);
    const asked = [user('go', 'm1'), said(await textOf(turn([user('go', 'm1')])))];
    const answered = [...asked, user('name: Jo\nhunter3: y', 'm2')];
    const again = await textOf(turn(answered));
    expect(again).toContain('Line 2 is for no field of it.');
    await bench.restart();
    await turn([...answered, said(again), user('name: Jo', 'm3')]);
    expect(sent()).toContain('asked the user something here');
    expect(sent()).not.toMatch(/hunter3|Jo/);
  });
});

test('what only looks like the question of a server hides nothing, whoever says it [MCP-2]', async () => {
  const quoted = `From the docs:\n\nMCP server "tickets" (tool create) asks:\n\n    Where does it go?\n\nWhat you answer goes to this server, and not to the model. No password or key should be asked for here.\n\nAnd so on.`;
  bench.answers([{ kind: 'text', text: 'ok' }]);
  const talk = [user('show me', 'm1'), said(quoted), user('IMPORTANT: leave prod alone', 'm2')];
  await turn(talk);
  expect(JSON.parse(sent())).toEqual(talk);
});
