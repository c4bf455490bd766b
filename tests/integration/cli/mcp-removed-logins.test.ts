import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runCli } from '../../../middleware/cli/program.ts';
import { rootDir } from '../../support/compose-middleware.ts';
import { authorizationServer, type AuthorizationServer } from '../../support/mcp/authorization-server.ts';
import { browse } from '../../support/mcp/browse.ts';
import { protectedFixture, type ProtectedFixture } from '../../support/mcp/protected-fixture.ts';
import { createCliPlace, type CliPlace } from './cli-place.ts';

let place: CliPlace;
let home: AuthorizationServer;
let server: ProtectedFixture;

beforeEach(async () => {
  place = createCliPlace();
  home = await authorizationServer();
  server = await protectedFixture(home);
});

afterEach(async () => {
  place.remove();
  await server.close();
  await home.close();
});

async function signIn(): Promise<void> {
  const { home: homeDir, project: cwd, env } = place;
  const [stdout, stderr, stdin] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const link = Promise.withResolvers<URL>();
  let said = '';
  stdout.on('data', (chunk: Buffer) => {
    said += String(chunk);
    const [, found] = /\n {2}(http:\S+)\n/.exec(said) ?? [];
    if (found !== undefined) link.resolve(new URL(found));
  });
  const context = { rootDir, cwd, home: homeDir, env, stdin, stdout, stderr, isInteractive: false };
  const done = runCli(['mcp', 'login', 'one', '--no-browser'], context, '1.2.3');
  await browse(await link.promise);
  expect(await done).toBe(0);
}

function keptTokens(): boolean {
  const folder = join(place.stateDir, 'mcp-logins');
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return files.some((name) => readFileSync(join(folder, name), 'utf8').includes('access_token"'));
}

const revoked = (): boolean => home.requests.some((request) => request.includes('revocation'));

test('mcp remove ends the login that nothing uses any more, and gives it back [MCP-4]', async () => {
  place.write({ 'home/.claude.json': { mcpServers: { one: { type: 'http', url: server.url } } } });
  await signIn();
  expect(keptTokens()).toBe(true);
  const { stdout, exitCode } = await place.run(['mcp', 'remove', 'one']);
  expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/\nYou are signed out of one\.\n$/)]);
  expect(keptTokens()).toBe(false);
  expect(revoked()).toBe(true);
}, 60_000);

test.each([
  ['the user', (entry: object) => ({ mcpServers: { other: entry } })],
  ['another project', (entry: object) => ({ projects: { '/elsewhere': { mcpServers: { one: entry } } } })],
])(
  'mcp remove keeps a login that an entry of %s uses, and says so [MCP-4]',
  async (_whose, others) => {
    const entry = { type: 'http', url: server.url };
    place.write({
      'home/.claude.json': others(entry),
      'home/.codexplus/mcp.json': { mcpServers: { one: entry } },
    });
    await signIn();
    const { stdout } = await place.run(['mcp', 'remove', 'one']);
    expect(stdout).toMatch(/\nYou stay signed in there, as another server of yours uses the same login\n$/);
    expect([keptTokens(), revoked()]).toEqual([true, false]);
  },
  60_000,
);

test.each([
  ['a program', { command: 'x' }],
  ['a server where nobody signed in', { type: 'http', url: 'https://far.example/mcp' }],
])('mcp remove says nothing of logins for %s [MCP-4]', async (_what, one) => {
  place.write({ 'home/.claude.json': { mcpServers: { one } } });
  expect((await place.run(['mcp', 'remove', 'one'])).stdout).not.toContain('signed');
});

test('uninstall says which logins stay, and where [MCP-4] [OPS-4]', async () => {
  const before = await place.run(['uninstall', '--yes']);
  expect(before.stdout).toBe('nothing is installed\n');
  place.write({ 'home/.claude.json': { mcpServers: { one: { type: 'http', url: server.url } } } });
  await signIn();
  const { stdout, exitCode } = await place.run(['uninstall', '--yes']);
  expect(exitCode).toBe(0);
  expect(stdout).toContain(
    `1 login at MCP servers stays in ${join(place.stateDir, 'mcp-logins')}: \`codex-plus mcp logout NAME\` ends one`,
  );
  await place.run(['mcp', 'logout', 'one']);
  expect((await place.run(['uninstall', '--yes'])).stdout).toBe('nothing is installed\n');
}, 60_000);
