import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runCli } from '../../../middleware/cli/program.ts';
import { rootDir } from '../../support/compose-middleware.ts';
import { authorizationServer, type AuthorizationServer } from '../../support/mcp/authorization-server.ts';
import { browse } from '../../support/mcp/browse.ts';
import { protectedFixture, type ProtectedFixture } from '../../support/mcp/protected-fixture.ts';
import { sparePort } from '../../support/spare-port.ts';
import { createCliPlace, type CliPlace } from './cli-place.ts';

let place: CliPlace;
let home: AuthorizationServer;
let server: ProtectedFixture;

beforeEach(async () => {
  place = createCliPlace();
  home = await authorizationServer();
  server = await protectedFixture(home);
  place.write({
    'home/.claude.json': { mcpServers: { one: { type: 'http', url: server.url }, here: { command: 'x' } } },
  });
});

afterEach(async () => {
  place.remove();
  await server.close();
  await home.close();
});

/** Signs in with the link that is printed. */
async function signIn(name: string): Promise<{ readonly exitCode: number; readonly said: string }> {
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
  const done = runCli(['mcp', 'login', name, '--no-browser'], context, '1.2.3');
  await browse(await link.promise);
  return { exitCode: await done, said };
}

test('mcp login prints the link, waits for the browser, and logout forgets [MCP-4]', async () => {
  const before = await place.run(['mcp', 'test', 'one']);
  expect([before.exitCode, before.stdout]).toEqual([
    1,
    'one: ✘ Failed to connect — MCP server "one" wants you to sign in: `codex-plus mcp login one` does, or `/mcp auth one` in a conversation\n',
  ]);
  const { exitCode, said } = await signIn('one');
  expect(exitCode).toBe(0);
  expect(said).toMatch(
    /^To sign in at one, open\n {2}http:.*\nThat is waited for, for 10 minutes …\nYou are signed in at one\.\n$/,
  );
  expect((await place.run(['mcp', 'list'])).stdout).toContain('(HTTP) - ✔ Connected (2 tools)\n');
  expect((await place.run(['mcp', 'logout', 'one'])).stdout).toBe('You are signed out of one.\n');
  expect((await place.run(['mcp', 'logout', 'one'])).stdout).toBe('You were not signed in at one.\n');
}, 60_000);

test('mcp logout forgets a login that its authorization server does not take back, and says so [MCP-4]', async () => {
  expect((await signIn('one')).exitCode).toBe(0);
  await home.close();
  const ended = await place.run(['mcp', 'logout', 'one']);
  expect([ended.exitCode, ended.stdout]).toEqual([0, 'You are signed out of one.\n']);
  expect(ended.stderr).toMatch(
    /^The login was forgotten here, but its authorization server did not take it back.*ECONNREFUSED/,
  );
  expect((await place.run(['mcp', 'logout', 'one'])).stdout).toBe('You were not signed in at one.\n');
  home = await authorizationServer();
}, 60_000);

test.each([
  ['no metadata', (res: ServerResponse) => res.writeHead(404).end('no')],
  ['a page of the web', (res: ServerResponse) => res.writeHead(200).end('<html></html>')],
])('mcp login says what to do about a server that has %s of a login [MCP-4]', async (_what, answer) => {
  const other = createServer((req, res) => (req.url === '/mcp' ? res.writeHead(401).end() : answer(res)));
  await once(other.listen(0, '127.0.0.1'), 'listening');
  const { port } = other.address() as AddressInfo;
  const bare = { type: 'http', url: `http://127.0.0.1:${port}/mcp` };
  place.write({ 'home/.claude.json': { mcpServers: { bare } } });
  const { exitCode, stderr } = await place.run(['mcp', 'login', 'bare', '--no-browser']);
  other.close();
  expect(exitCode).toBe(1);
  expect(stderr).toContain('MCP server "bare" does not tell where to sign in (it has no OAuth metadata)');
  expect(stderr).toContain('put its credential into `headers`');
});

test('mcp login waits for the browser where nobody can type, in a process of its own [MCP-4]', async () => {
  const { project: cwd, env } = place;
  const child = spawn(process.execPath, [join(rootDir, 'middleware/cli/main.ts'), 'mcp', 'login', 'one'], {
    ...{ cwd, env, stdio: ['ignore', 'pipe', 'inherit'] },
  });
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('  http:')) await browse(new URL(line.trim()));
  }
  expect(await exited).toEqual([0, null]);
  expect((await place.run(['mcp', 'test', 'one'])).exitCode).toBe(0);
}, 60_000);

test('mcp login is told to make no sense for a program, or for a name that is not there [MCP-4]', async () => {
  expect(await place.run(['mcp', 'login', 'here'])).toMatchObject({
    exitCode: 1,
    stderr: 'MCP server "here" is a program on this machine: there is no login\n',
  });
  const { exitCode, stderr } = await place.run(['mcp', 'login', 'zzz']);
  expect([exitCode, stderr]).toEqual([
    1,
    expect.stringContaining('No MCP server named "zzz". Run `codex-plus mcp list`'),
  ]);
});

test('mcp add takes no secret for an address that it does not know, and writes nothing [MCP-4]', async () => {
  const add = ['mcp', 'add', 'mine', 'https://${HOST}/mcp', '--client-id', 'mine', '--client-secret'];
  const before = place.read('home/.claude.json');
  const env = { ...place.env, MCP_CLIENT_SECRET: 'a secret' };
  const { exitCode, stderr } = await place.run(add, { env });
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('set the variables in it first')]);
  expect(place.read('home/.claude.json')).toBe(before);
  expect((await place.run(add, { env: { ...env, HOST: 'example.com' } })).exitCode).toBe(0);
});

test('mcp add keeps the secret of a client out of the files, and logins use it [MCP-4]', async () => {
  const secret = 'a secret of thirty-two characters';
  const registered = await authorizationServer({
    clients: [
      {
        ...{ client_id: 'mine', client_secret: secret, redirect_uris: ['http://localhost/callback'] },
        ...{ application_type: 'native', grant_types: ['authorization_code', 'refresh_token'] },
      },
    ],
  });
  server.move(registered);
  const add = ['mcp', 'add', 'mine', server.url, '--client-id', 'mine', '--client-secret'];
  const nobody = await place.run(add);
  expect([nobody.exitCode, nobody.stderr]).toEqual([2, expect.stringContaining('MCP_CLIENT_SECRET')]);
  const env = { ...place.env, MCP_CLIENT_SECRET: secret };
  expect((await place.run(add, { env })).exitCode).toBe(0);
  expect(place.read('home/.claude.json')).toContain('"clientId":"mine"');
  expect(place.read('home/.claude.json')).not.toContain(secret);
  const { exitCode, said } = await signIn('mine');
  expect([exitCode, said]).toEqual([0, expect.stringContaining('You are signed in at mine.\n')]);
  expect((await place.run(['mcp', 'list'])).stdout).toMatch(/^mine: .* - ✔ Connected \(2 tools\)$/m);
  await place.run(['mcp', 'logout', 'mine']);
  expect((await signIn('mine')).exitCode).toBe(0);
  await registered.close();
}, 60_000);

test.each([
  ['where nothing listens', '127.0.0.1', 'nothing listens there: start the server, or check its `url`'],
  ['whose host is not known', 'no-such-host.invalid', 'check its `url`'],
])('a login at a server %s fails with what to do [MCP-4]', async (_where, host, advice) => {
  const url = `https://${host}:${await sparePort()}/mcp`;
  place.write({ 'home/.claude.json': { mcpServers: { one: { type: 'http', url } } } });
  const { exitCode, stderr } = await place.run(['mcp', 'login', 'one', '--no-browser']);
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining(advice)]);
});
