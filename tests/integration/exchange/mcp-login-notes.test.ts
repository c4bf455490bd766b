import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { headerValue } from '../../../middleware/kernel/headers.ts';
import { codexAnswer, codexTurn, user, type Item } from '../../support/codex-turns.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { authorizationServer, type AuthorizationServer } from '../../support/mcp/authorization-server.ts';
import { browse } from '../../support/mcp/browse.ts';
import { protectedFixture, type ProtectedFixture } from '../../support/mcp/protected-fixture.ts';
import { callRaw } from '../../support/raw-client.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
let home: AuthorizationServer;
let server: ProtectedFixture;
let folder: string;

beforeAll(async () => {
  folder = await makeTestFolder('mcp-server-notes');
  await mkdir(join(folder, 'project'));
  upstream = await startFakeUpstream();
  home = await authorizationServer();
  server = await protectedFixture(home);
  const env = {
    ...{ CODEX_PLUS_STATE_DIR: join(folder, 'state'), PATH: process.env['PATH'] ?? '' },
    CODEX_PLUS_MCP_WAIT_MS: '20000',
  };
  middleware = await composeMiddleware(upstream.url, env, folder);
  const mcpServers = { one: { type: 'http', url: server.url } };
  await writeFile(join(folder, '.claude.json'), JSON.stringify({ mcpServers }));
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
  await server.close();
  await home.close();
  await rm(folder, { recursive: true, force: true });
});

const note =
  'MCP server "one" wants you to sign in: `codex-plus mcp login one` does, or `$mcp auth one` in a conversation.';

async function turn(
  session: string,
  input: readonly Item[],
  metadata: object = {},
  more: object = {},
): Promise<string> {
  const workspace = join(folder, 'project');
  return await codexTurn(middleware.port, { session, workspace, input, metadata, more });
}

test('a server that wants a login is told once a conversation, to the user alone [MCP-4]', async () => {
  const first = user('hello', 'm1');
  const answer = await turn('a', [first]);
  expect(answer.split(JSON.stringify(note).slice(1, -1))).toHaveLength(2);
  const { output } = JSON.parse(answer) as { readonly output: readonly Item[] };
  expect(await turn('a', [first, ...output, user('and now?', 'm2')])).not.toContain('sign in');
  expect(await turn('b', [first])).toContain('wants you to sign in');
  expect(upstream.requests).toHaveLength(3);
  for (const { raw } of upstream.requests) expect(raw.toString()).not.toContain('sign in');
  // For those who read no answers.
  expect(JSON.stringify(middleware.lines)).toContain('wants you to sign in');
});

test('nobody is told where nobody reads: in `codex exec`, for a title, in the answers of programs [MCP-4]', async () => {
  for (const metadata of [{ turn_trigger: 'exec' }, { thread_source: 'thread_title' }])
    expect(await turn('c', [user('hello', 'm1')], metadata)).not.toContain('sign in');
  const answer = await callRaw(middleware.port, {
    path: '/v1/chat/completions',
    headers: ['content-type', 'application/json', 'x-codex-plus-workspace', join(folder, 'project')],
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hello' }] }),
  });
  expect(answer.body.toString()).not.toContain('sign in');
});

const parameters = { type: 'object', properties: {} };
const messages = [{ role: 'user', content: 'hello' }];

test.each([
  ['/v1/chat/completions', { messages, tools: [{ type: 'function', function: { name: 't', parameters } }] }],
  ['/v1/messages', { messages, max_tokens: 9, tools: [{ name: 't', input_schema: parameters }] }],
  ['/v1/responses', { input: 'hello', tools: [{ type: 'function', name: 't', parameters }] }],
])('a program that offers tools at %s is told in the head of its answers [MCP-4]', async (path, more) => {
  for (const stream of [false, true]) {
    const { headers, body } = await callRaw(middleware.port, {
      path,
      headers: ['content-type', 'application/json', 'x-codex-plus-workspace', join(folder, 'project')],
      body: JSON.stringify({ model: 'm', stream, ...more }),
    });
    expect(headerValue(headers, 'x-codex-plus-notice')).toBe(note.replace('$', '/'));
    expect(body.toString()).not.toContain('sign in');
  }
});

test('a notice stands in the head of answers that nobody reads, and not where the answer says it [MCP-4]', async () => {
  const noticeIn = async (metadata: object, session: string, more = {}): Promise<string | undefined> => {
    const workspace = join(folder, 'project');
    const answer = await codexAnswer(middleware.port, {
      ...{ session, workspace, input: [user('hello', 'm1')], metadata, more },
    });
    return headerValue(answer.headers, 'x-codex-plus-notice');
  };
  for (const session of ['g', 'g'])
    expect(await noticeIn({ turn_trigger: 'exec' }, session)).toBe(note.replace('$', '/'));
  expect(await noticeIn({}, 'h', { text: { format: { type: 'json_object' } } })).toBe(note);
  expect(await noticeIn({}, 'i')).toBeUndefined();
  expect(await noticeIn({ thread_source: 'thread_title' }, 'k')).toBeUndefined();
});

test('an answer that is to be JSON does not use the note up: it comes with the next plain one [MCP-4]', async () => {
  const first = user('hello', 'm1');
  const more = { text: { format: { type: 'json_object' } } };
  expect(await turn('j', [first], {}, more)).not.toContain('sign in');
  expect(await turn('j', [first])).toContain('wants you to sign in');
});

test('the turn after a login is offered the tools that were missing before it [MCP-4] [MCP-2]', async () => {
  const offered = () => JSON.stringify(upstream.requests.at(-1)?.json?.['tools']);
  await turn('d', [user('hello', 'm1')]);
  expect(offered()).not.toContain('mcp__one');
  const [, link = ''] = /<(http[^>]+)>/.exec(await turn('e', [user('/mcp auth one', 'm1')])) ?? [];
  await browse(new URL(link));
  await turn('f', [user('hello', 'm1')]);
  expect(offered()).toContain('mcp__one__read');
});

async function turnIn(workspace: string, session: string, input: readonly Item[]): Promise<string> {
  return await codexTurn(middleware.port, { session, workspace, input, metadata: {}, stream: false });
}

test('a server of the project that nobody allowed yet is told once a conversation [MCP-1]', async () => {
  const workspace = join(folder, 'waiting');
  await mkdir(workspace);
  await writeFile(
    join(workspace, '.mcp.json'),
    JSON.stringify({ mcpServers: { proj: { command: 'touch', args: ['ran'] } } }),
  );
  const said =
    'MCP server \\"proj\\" of this project is not used before you allow it: `codex-plus trust add` does';
  const first = user('hello', 'm1');
  const answer = await turnIn(workspace, 'w', [first]);
  expect(answer).toContain(said);
  const { output } = JSON.parse(answer) as { readonly output: readonly Item[] };
  expect(await turnIn(workspace, 'w', [first, ...output, user('and now?', 'm2')])).not.toContain('allow it');
  expect(upstream.requests.at(-1)?.raw.toString()).not.toContain('allow it');
});

test('a file of servers that is broken is told once a conversation, in `/mcp` and `mcp list` as well [MCP-1]', async () => {
  const workspace = join(folder, 'broken');
  await mkdir(workspace);
  await writeFile(join(workspace, '.mcp.json'), '{"mcpServers": {,}}');
  const place = join(workspace, '.mcp.json:1:17');
  expect(await turnIn(workspace, 'x', [user('hello', 'm1')])).toContain(`${place} is broken: is not JSON`);
  expect(await turnIn(workspace, 'y', [user('/mcp', 'm1')])).toContain('`.mcp.json:1:17`: is not JSON');
});
