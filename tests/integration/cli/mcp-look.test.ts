import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fixture } from '../../support/mcp/pool-place.ts';
import { remoteFixture, type RemoteFixture } from '../../support/mcp/remote-fixture.ts';
import { createCliPlace, type CliPlace } from './cli-place.ts';

let place: CliPlace;
let remote: RemoteFixture;

beforeEach(async () => {
  place = createCliPlace();
  remote = await remoteFixture('both');
});

afterEach(async () => {
  place.remove();
  await remote.close();
});

const mcp = (...args: readonly string[]) => place.run(['mcp', ...args]);

describe('mcp list', () => {
  test('tells where nothing is configured [MCP-1]', async () => {
    expect(await mcp('list')).toMatchObject({
      exitCode: 0,
      stdout: 'No MCP servers configured. Use `codex-plus mcp add` to add a server.\n',
    });
  });

  test('says which file of servers is broken [MCP-1]', async () => {
    place.write({ 'project/.mcp.json': '{"mcpServers": {,}}' });
    const { exitCode, stdout } = await mcp('list');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^✘ .mcp.json:1:17: is not JSON.*; nothing of this file counts\n$/);
    expect((await mcp('list', '--json')).json()).toMatchObject({ problems: [{ line: 1, column: 17 }] });
  });

  test('says which permission rule keeps a server away, and does not start it [MCP-1] [MCP-3]', async () => {
    place.write({
      'home/.claude.json': { mcpServers: { ends: fixture('end-at-start') } },
      'home/.claude/settings.json': { permissions: { deny: ['mcp__ends'] } },
    });
    expect((await mcp('list')).stdout).toMatch(
      / - ⏸ Kept out by the deny rule mcp__ends of the user's settings \(.+settings\.json\)\n$/,
    );
    expect(await mcp('test', 'ends')).toMatchObject({ exitCode: 1 });
  });

  test('connects to each server that may be used, and says why others are not [MCP-1]', async () => {
    place.write({
      'home/.claude.json': {
        mcpServers: {
          far: { type: 'http', url: remote.url },
          ends: fixture('end-at-start'),
          odd: { type: 'ftp' },
        },
      },
      'project/.mcp.json': {
        mcpServers: { wants: { command: 'touch', args: ['ran'] }, off: { command: 'x' } },
      },
      'home/.claude/settings.json': { disabledMcpjsonServers: ['off'] },
    });
    const { exitCode, stdout } = await mcp('list');
    expect(exitCode).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^ends: .* - ✘ Failed to connect — MCP server "ends" could not be started: .*no licence found/,
        ),
        expect.stringMatching(/^far: http:.* \(HTTP\) - ✔ Connected \(3 tools\)$/),
        expect.stringMatching(/^odd: .* - ✘ Cannot be used — /),
        'off: x - ⏸ Switched off',
        'wants: touch ran - ⏸ Pending approval (`codex-plus trust add` approves)',
      ]),
    );
    expect(() => place.read('project/ran')).toThrow('ENOENT');
  }, 60_000);

  test('looks at as many as there may be at once, and at the others in their turn [MCP-1]', async () => {
    const names = Array.from({ length: 66 }, (_, at) => `s${at}`);
    const entries = names.map((name) => [name, { type: 'http', url: `${remote.url}?${name}` }]);
    place.write({ 'home/.claude.json': { mcpServers: Object.fromEntries(entries) as object } });
    const { stdout } = await mcp('list');
    expect(stdout.match(/✔ Connected/g)).toHaveLength(66);
  }, 60_000);
});

describe('a variable of an entry that is not set', () => {
  const env = { NOTES: '${NOTES_DIR}/n', OTHER: '${OTHER_DIR:-x}', HOUSE: '${HOME}' };
  const said =
    '  ⚠ env.NOTES: the environment variable NOTES_DIR is not set, and is passed on as ${NOTES_DIR};';

  test.each(['list', 'get', 'test'])(
    'is named by mcp %s, with its server and its field [MCP-1]',
    async (command) => {
      place.write({ 'home/.claude.json': { mcpServers: { one: fixture('good', { env }) } } });
      const named = command === 'list' ? [] : ['one'];
      const { exitCode, stdout } = await mcp(command, ...named);
      expect(exitCode).toBe(0);
      expect(stdout.split('\n').filter((line) => line.includes('⚠'))).toEqual([
        expect.stringContaining(said),
      ]);
      const unset = [{ field: 'env.NOTES', variable: 'NOTES_DIR' }];
      const json = (await mcp(command, ...named, '--json')).json();
      expect(json).toMatchObject(command === 'list' ? { servers: [{ unset }] } : { unset });
    },
    60_000,
  );
});

test('mcp list tells of each server as it comes in, and waits for none of them [MCP-1]', async () => {
  const silent = createServer((socket) => socket.on('error', () => undefined));
  await once(silent.listen(0, '127.0.0.1'), 'listening');
  const [far, slow] = [remote.url, `http://127.0.0.1:${(silent.address() as AddressInfo).port}/mcp`];
  place.write({
    'home/.claude.json': {
      mcpServers: { slow: { type: 'http', url: slow }, far: { type: 'http', url: far } },
    },
    'home/.claude/settings.json': { env: { MCP_TIMEOUT: '1500' } },
  });
  const { stdout, stderr } = await mcp('list');
  silent.close();
  expect(stderr).toBe('checking 2 MCP servers …\n');
  expect(stdout).toMatch(/^far: .*Connected.*\nslow: .*timed out/);
}, 60_000);

test('mcp list says what to write for a server that is reached over SSE [MCP-1]', async () => {
  const sse = createHttpServer((_req, res) => res.writeHead(405).end('Method Not Allowed'));
  await once(sse.listen(0, '127.0.0.1'), 'listening');
  const { port } = sse.address() as AddressInfo;
  const old = { type: 'http', url: `http://127.0.0.1:${port}/sse` };
  place.write({ 'home/.claude.json': { mcpServers: { old } } });
  const { stdout } = await mcp('list');
  sse.close();
  expect(stdout).toContain('`"type": "sse"` into its entry (`--transport sse` of `codex-plus mcp add`)');
}, 60_000);

test('a command that is to be copied has the name as a shell reads it back [MCP-1]', async () => {
  place.write({ 'home/.claude.json': { mcpServers: { 'my; server': { type: 'ftp' } } } });
  const { stdout } = await mcp('get', 'my; server');
  expect(stdout).toContain("run: codex-plus mcp remove 'my; server' -s user");
});

test('mcp test lists what a server offers, and ends with 1 where it cannot be reached [MCP-1]', async () => {
  place.write({ 'home/.claude.json': { mcpServers: { one: fixture(), ends: fixture('end-at-start') } } });
  const good = await mcp('test', 'one');
  expect(good.exitCode).toBe(0);
  expect(good.stdout).toMatch(
    /^one: ✔ Connected in \d+ ms, the protocol of 2026-07-28\nTools \(\d+\):\n {2}echo {2}Does echo\.\n/,
  );
  expect(good.stdout).toContain('\nResources: none\nPrompts: none\n');
  const json = await mcp('test', 'one', '--json');
  expect(json.json()).toMatchObject({
    ...{ name: 'one', scope: 'user' },
    state: {
      kind: 'connected',
      era: 'modern',
      tools: expect.arrayContaining([{ name: 'echo', description: 'Does echo.' }]),
      resources: [],
      prompts: [],
    },
  });
  const bad = await mcp('test', 'ends');
  expect([bad.exitCode, bad.stderr]).toEqual([1, '']);
  expect(bad.stdout).toContain('no licence found');
}, 60_000);

test('mcp get shows an entry without its secrets [MCP-1]', async () => {
  const headers = { Authorization: 'Bearer right', 'X-Ref': '${TOKEN}' };
  place.write({ 'home/.claude.json': { mcpServers: { far: { type: 'http', url: remote.url, headers } } } });
  const { stdout } = await mcp('get', 'far');
  expect(stdout).toBe(
    [
      'far:',
      '  Scope: User config (available in all your projects)',
      `  File: ${place.home}/.claude.json`,
      '  Status: ✔ Connected (3 tools)',
      '  Type: http',
      `  URL: ${remote.url}`,
      '  Headers:',
      '    Authorization: [redacted]',
      '    X-Ref: ${TOKEN}',
      '  ⚠ headers.X-Ref: the environment variable TOKEN is not set, and is passed on as ${TOKEN}; set it, or write ${TOKEN:-otherwise}',
      'To remove this server, run: codex-plus mcp remove far -s user',
      '',
    ].join('\n'),
  );
});

describe('mcp accept', () => {
  test('allows changed tools as they were shown, which list and test tell of [MCP-2]', async () => {
    const says = (text: string) => {
      const one = fixture('good', { env: { ECHO_SAYS: text } });
      place.write({ 'home/.claude.json': { mcpServers: { one } } });
    };
    says('Repeats.');
    await mcp('list');
    says('Repeats more.');
    expect((await mcp('list')).stdout).toMatch(/tools, 1 held back: `codex-plus mcp test` shows why\)$/m);
    expect((await mcp('test', 'one')).stdout).toContain(
      'Held back, since they were changed (1):\n  echo\n    description now: Repeats more.\n',
    );
    expect(await mcp('accept', 'one', 'pid')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('MCP server "one" has no such tool that is held back.'),
    });
    const shown = await mcp('accept', 'one');
    expect(shown).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('description now: Repeats more.'),
    });
    const [, mark = ''] = /accept one --seen (\w+)/.exec(shown.stdout) ?? [];
    expect(await mcp('accept', 'one', '--seen', '00000000')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('these are not the definitions that were shown'),
    });
    expect(await mcp('accept', 'one', '--seen', mark)).toMatchObject({
      exitCode: 0,
      stdout: 'echo may be used as shown.\n',
    });
    expect((await mcp('list')).stdout).not.toContain('held back');
  }, 60_000);

  test('looks at the server itself, and says where it could not [MCP-2]', async () => {
    const server = (more: object) => {
      place.write({ 'home/.claude.json': { mcpServers: { one: { ...fixture('good'), ...more } } } });
    };
    server({ env: { ECHO_SAYS: 'Repeats.' } });
    await mcp('test', 'one');
    server({ env: { ECHO_SAYS: 'Repeats more.' } });
    const shown = await mcp('accept', 'one');
    expect(shown).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('description now: Repeats more.'),
      stderr: expect.not.stringContaining('could not be asked'),
    });
    const [, mark = ''] = /accept one --seen (\w+)/.exec(shown.stdout) ?? [];
    // What was shown is not what it is by now.
    server({ env: { ECHO_SAYS: 'Sends your keys.' } });
    const again = await mcp('accept', 'one', '--seen', mark);
    expect(again).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('description now: Sends your keys.'),
    });
    const [, now = ''] = /accept one --seen (\w+)/.exec(again.stdout) ?? [];
    server({ command: 'no-such-program' });
    expect(await mcp('accept', 'one', '--seen', now)).toMatchObject({
      exitCode: 0,
      stdout: 'echo may be used as shown.\n',
      stderr: expect.stringContaining(
        'It could not be asked for its tools as they are now: ✘ Failed to connect',
      ),
    });
  }, 60_000);
});
