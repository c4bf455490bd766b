import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { codexTurn, user } from '../../support/codex-turns.ts';
import { composeMiddleware, type ComposedMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream, type FakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { authorizationServer, type AuthorizationServer } from '../../support/mcp/authorization-server.ts';
import { browse } from '../../support/mcp/browse.ts';
import { protectedFixture, type ProtectedFixture } from '../../support/mcp/protected-fixture.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';

let upstream: FakeUpstream;
let middleware: ComposedMiddleware;
let home: AuthorizationServer;
let server: ProtectedFixture;
let folder: string;
let turns = 0;

beforeAll(async () => {
  folder = await makeTestFolder('mcp-auth');
  await mkdir(join(folder, 'project'));
  upstream = await startFakeUpstream();
  home = await authorizationServer();
  server = await protectedFixture(home);
  const env = { CODEX_PLUS_STATE_DIR: join(folder, 'state'), PATH: process.env['PATH'] ?? '' };
  middleware = await composeMiddleware(upstream.url, env, folder);
  const mcpServers = {
    one: { type: 'http', url: server.url },
    here: { command: 'x' },
    'two words': { type: 'http', url: server.url },
  };
  await writeFile(join(folder, '.claude.json'), JSON.stringify({ mcpServers }));
});

afterAll(async () => {
  await middleware.close();
  await upstream.close();
  await server.close();
  await home.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the user reads in answer to a prompt of a new conversation. */
async function say(text: string): Promise<string> {
  turns += 1;
  const workspace = join(folder, 'project');
  const answer = await codexTurn(middleware.port, {
    ...{ session: `s${turns}`, workspace, input: [user(text, `m${turns}`)], stream: false },
  });
  return answer.replaceAll('\\n', '\n');
}

test('/mcp auth gives the link, takes the browser back, and the login is the one of /mcp list [MCP-4] [CMD-4]', async () => {
  expect(await say('/mcp list')).not.toContain('sign');
  const answer = await say('/mcp auth one');
  expect(await say('/mcp list')).toContain('- **wants you to sign in**: `$mcp auth one`');
  const [, link = ''] = /<(http[^>]+)>/.exec(answer) ?? [];
  expect(await browse(new URL(link))).toContain('You are signed in');
  expect(await say('/mcp list')).toContain('- you are signed in');
  // All of it is between the user and us.
  expect(upstream.requests).toEqual([]);
});

test('/mcp auth says what is wrong [MCP-4] [CMD-4]', async () => {
  expect(await say('/mcp auth')).toMatch(
    /Usage: `\$mcp auth NAME \[ADDRESS\]`\. NAME is one of `one`, `two words`\./,
  );
  expect(await say('/mcp auth here')).toContain('is a program on this machine: there is no login');
  expect(await say('/mcp auth zzz')).toContain('is configured for');
  expect(await say('/mcp auth one http://localhost/callback?code=x')).toContain(
    'No login waits for an address there: `$mcp auth one` makes a link, which is good for ten minutes',
  );
});

test('/mcp auth takes a server that has a blank in its name, and the address behind it [MCP-4] [CMD-4]', async () => {
  expect(await say('/mcp auth two words')).toContain('to sign in at `two words`');
  expect(await say('/mcp auth two words http://localhost/callback?code=x')).toContain(
    'This is not the address that the login led to',
  );
});
