import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { codexTurn, user, type Item } from '../../support/codex-turns.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { callRaw } from '../../support/raw-client.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';
import { lookedAgain } from '../../support/test-clock.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
let folder: string;
let turns = 0;

const start = (): Promise<ComposedMiddleware> =>
  composeMiddleware(
    upstream.url,
    { CODEX_PLUS_STATE_DIR: join(folder, 'state'), PATH: process.env['PATH'] ?? '' },
    folder,
  );

beforeAll(async () => {
  folder = await makeTestFolder('mcp-edit');
  // What is local is for a whole repository.
  await mkdir(join(folder, 'project/.git'), { recursive: true });
  upstream = await startFakeUpstream();
  middleware = await start();
});

beforeEach(async () => {
  await rm(file('.claude.json'), { force: true });
  await rm(file('project/.mcp.json'), { force: true });
  lookedAgain();
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
  await rm(folder, { recursive: true, force: true });
});

const file = (path: string): string => join(folder, path);
const written = async (path: string): Promise<unknown> =>
  JSON.parse(await readFile(file(path), 'utf8').catch(() => '{}'));

async function turn(input: readonly Item[], metadata: object = {}): Promise<string> {
  turns += 1;
  const workspace = file('project');
  const answer = await codexTurn(middleware.port, {
    ...{ session: `s${turns}`, workspace, input, metadata, stream: false },
  });
  return answer.replaceAll('\\n', '\n').replaceAll('\\"', '"');
}

/** What the user reads in answer to a prompt of a new conversation. */
const say = (text: string, metadata: object = {}): Promise<string> => turn([user(text, 'm1')], metadata);

test('/mcp add writes a program as `codex-plus mcp add` does, for the user in this project [MCP-1] [CMD-4]', async () => {
  const answer = await say(`/mcp add notes -e A=x=y B=2 -- npx -y "a b" --token s3cret`);
  expect(answer).toContain('Added the stdio server `notes` (`npx -y a b --token [redacted]`) to ');
  expect(await written('.claude.json')).toEqual({
    projects: {
      [file('project')]: {
        mcpServers: {
          notes: {
            ...{ type: 'stdio', command: 'npx', args: ['-y', 'a b', '--token', 's3cret'] },
            env: { A: 'x=y', B: '2' },
          },
        },
      },
    },
  });
  lookedAgain();
  expect(await say('/mcp')).toContain('- `notes`: `stdio`');
  expect(await say('/mcp add notes other')).toContain('MCP server notes already exists in');
});

test('/mcp add writes a server at a URL with its headers, and /mcp remove takes it out [MCP-1] [CMD-4]', async () => {
  const added = await say(
    '$mcp add --transport http far https://e.com/mcp?a=1&b=2 --header "Authorization: Bearer abcdefghij" --scope project',
  );
  expect(added).toContain('It is used once you allow it: `codex-plus trust add`.');
  expect(added).not.toContain('abcdefghij');
  expect(await written('project/.mcp.json')).toEqual({
    mcpServers: {
      far: {
        ...{ type: 'http', url: 'https://e.com/mcp?a=1&b=2' },
        headers: { Authorization: 'Bearer abcdefghij' },
      },
    },
  });
  expect(await say('/mcp remove far --scope user')).toContain(
    'Nothing of scope user has an MCP server `far`',
  );
  expect(await say('/mcp remove far')).toContain('Removed `far` from ');
  expect(await written('project/.mcp.json')).toEqual({});
  expect(await say('/mcp remove far')).toContain(
    'No file of yours or of the project has an MCP server `far`',
  );
});

test('/mcp remove asks which one where several scopes have it [MCP-1] [CMD-4]', async () => {
  const mcpServers = { two: { command: 'x' } };
  await writeFile(file('.claude.json'), JSON.stringify({ mcpServers }));
  await writeFile(file('project/.mcp.json'), JSON.stringify({ mcpServers }));
  const asked = await say('/mcp remove two');
  expect(asked).toContain('- `$mcp remove two --scope user`');
  expect(asked).toContain('- `$mcp remove two --scope project`');
  expect(await say('/mcp remove two -s user')).toContain('Removed `two`');
  expect(await written('.claude.json')).toEqual({ mcpServers: {} });
});

test.each([
  ['add', 'Usage:'],
  ['add n', 'Usage:'],
  ['add a.b cmd', 'Invalid name a.b.'],
  ['add n "cmd', 'a quote is not closed'],
  ['add n npx -y x', "Unknown option '-y'"],
  ['add n cmd -H A:b', '--header is for servers at a URL'],
  ['add n https://e.com -e A=b', '--env is for programs'],
  ['add -t http n cmd', '`url` is no URL'],
  ['add n cmd --scope world', '--scope is local, user, project'],
  ['add -e A=b n -- cmd', '`-e` and `--header` take all words up to the next option or `--`'],
  ['add -e A=b n -- npx -y x', '`-e` takes all words up to the next option or `--`'],
  ['add n https://e.com -H "A: b" wrong', '`-H` takes all words up to the next option or `--`'],
  ['remove', 'Usage:'],
  ['remove a b', 'Usage:'],
  ['rename a b', 'Usage: `$mcp list | NAME | add NAME'],
])('/mcp %s says what is wrong, and writes nothing [MCP-1] [CMD-4]', async (args, answer) => {
  expect(await say(`/mcp ${args}`)).toContain(answer);
  expect([await written('.claude.json'), await written('project/.mcp.json')]).toEqual([{}, {}]);
});

test('servers are changed for a user who is there, and who the client says it is [MCP-1] [SEC-4]', async () => {
  const prompt = '/mcp add evil sh -s user';
  expect(await say(prompt, { turn_trigger: 'exec' })).toContain('Nothing tells here that a user asks');
  await say(prompt, { thread_source: 'subagent' });
  const answer = await callRaw(middleware.port, {
    path: '/v1/messages',
    headers: ['content-type', 'application/json', 'x-codex-plus-cwd', file('project')],
    body: JSON.stringify({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content: prompt }] }),
  });
  expect(answer.body.toString()).toContain('Nothing tells here that a user asks');
  expect(await written('.claude.json')).toEqual({});
});

test('what was typed behind /mcp add is in no log and reaches no model, not with a title, nor after a restart [MCP-1] [SEC-3]', async () => {
  const prompt = user('/mcp add key -e "KEY=typed-in-here" -- cmd', 'm1');
  const later = user('What now?', 'm3');
  const answer = await turn([prompt]);
  const { output } = JSON.parse(answer.replaceAll('\n', '\\n')) as { output: readonly Item[] };
  turns -= 1;
  const before = upstream.requests.length;
  await turn([prompt, ...output, later]);
  await turn([user('Find a title:\n\n$mcp add key -e KEY=typed-in-here', 'm1')], {
    thread_source: 'thread_title',
  });
  expect(JSON.stringify(middleware.lines)).not.toContain('typed-in-here');
  await middleware.close();
  middleware = await start();
  await turn([prompt, ...output, later]);
  await turn([{ ...prompt, content: '/mcp add key -e KEY=typed-in-here' }, later]);
  const sent = upstream.requests.slice(before).map(({ raw }) => raw.toString());
  expect(sent).toHaveLength(4);
  for (const body of sent) expect(body).not.toContain('typed-in-here');
  expect(sent[1]).toContain('Find a title:\\n\\n$mcp add [redacted]');
  expect(sent[2]).toContain('"/mcp add [redacted]"');
});

test.each([
  ['/mcp ADD key -e KEY=typed-in-here -- cmd', '/mcp ADD [redacted]'],
  ['/mcp "add" key -e KEY=typed-in-here -- cmd', '/mcp \\"add\\" [redacted]'],
  ['$mcp add-json key {"headers":{"X":"typed-in-here"}}', '$mcp add-json [redacted]'],
  ['/MCP add key -e KEY=typed-in-here -- cmd', '/MCP add [redacted]'],
  ['/mcp auth key http://localhost:9/callback?code=typed-in-here', '/mcp auth key [redacted]'],
  ['  $mcp add key -e KEY=typed-in-here', '  $mcp add [redacted]'],
  ['\n$mcp add key -e KEY=typed-in-here', '\\n$mcp add [redacted]'],
  ['`$mcp add key -e KEY=typed-in-here`', '`$mcp add [redacted]'],
  ['“/mcp add key -e KEY=typed-in-here”', '“/mcp add [redacted]'],
  ['> $mcp add key -e KEY=typed-in-here', '> $mcp add [redacted]'],
  ['/mCP add key -e KEY=typed-in-here', '/mCP add [redacted]'],
  ['/mcp:add key -e KEY=typed-in-here', '/mcp:add [redacted]'],
  ['/mcp, add key -e KEY=typed-in-here', '/mcp, add [redacted]'],
  ['/mcp-add key -e KEY=typed-in-here', '/mcp-add [redacted]'],
  ['$ mcp add key -e KEY=typed-in-here', '$ mcp add [redacted]'],
  ['/mcp login key http://localhost:9/callback?code=typed-in-here', '/mcp login key [redacted]'],
  ['$mcp ad key -e KEY=typed-in-here', '$mcp ad [redacted]'],
  ['$mcp set key -e KEY=typed-in-here', '$mcp set [redacted]'],
  ['$mcp remove key typed-in-here', '$mcp remove [redacted]'],
])(
  'what is nearly that command, and the code of a login, reach no model either: %s [MCP-1] [SEC-3]',
  async (said, seen) => {
    const before = upstream.requests.length;
    await turn([user(said, 'm1'), user('What now?', 'm3')]);
    const [body = ''] = upstream.requests.slice(before).map(({ raw }) => raw.toString());
    expect(body).not.toContain('typed-in-here');
    expect(body).toContain(seen);
  },
);

test.each(['/v1/responses', '/v1/messages', '/v1/chat/completions'])(
  'what we answered to such a command goes to no model after a restart: %s [MCP-1] [SEC-3]',
  async (path) => {
    const before = upstream.requests.length;
    const messages = [
      { role: 'user', content: '$mcp add key -- node typed-in-here' },
      { role: 'assistant', content: 'Added the stdio server `key` (`node typed-in-here`) to `x`.' },
      { role: 'user', content: 'What now?' },
      { role: 'assistant', content: 'This.' },
      { role: 'user', content: 'Well.' },
    ];
    await callRaw(middleware.port, {
      ...{ path, headers: ['content-type', 'application/json'] },
      body: JSON.stringify({ model: 'm', max_tokens: 9, messages, input: messages }),
    });
    const { json } = upstream.requests[before] ?? {};
    const sent = JSON.stringify(path === '/v1/responses' ? json?.['input'] : json?.['messages']);
    expect(sent).toMatch(
      /\$mcp add \[redacted\].*\[What Codex-Plus answered is not shown.\].*What now\?.*This\./,
    );
    expect(sent).not.toContain('typed-in-here');
  },
);

test('the answer to what is nearly a command does not say again what was typed [MCP-1] [SEC-3]', async () => {
  const answer = await say('/mcp ADD notes -e KEY=typed-in-here');
  expect(answer).toContain('There is no MCP server `ADD …` here.');
  expect(answer).not.toContain('typed-in-here');
});
