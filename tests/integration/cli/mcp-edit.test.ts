import { existsSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createCliPlace, type CliPlace } from './cli-place.ts';

let place: CliPlace;

beforeEach(() => {
  place = createCliPlace();
});

afterEach(() => {
  place.remove();
});

const mcp = (...args: readonly string[]) => place.run(['mcp', ...args]);
const claudeJson = (): unknown => JSON.parse(place.read('home/.claude.json'));
const projectJson = (): unknown => JSON.parse(place.read('project/.mcp.json'));
const stdio = { type: 'stdio', command: 'npx', args: ['my-mcp', '--flag', 'a b'], env: { A: 'x=y', B: '2' } };

describe('mcp add', () => {
  test('writes a program with its variables and its own options, for the user in this project [MCP-1]', async () => {
    const added = await mcp(
      'add',
      'my-server',
      '-e',
      'A=x=y',
      '-e',
      'B=2',
      '--',
      'npx',
      'my-mcp',
      '--flag',
      'a b',
    );
    expect(added).toMatchObject({
      exitCode: 0,
      stdout:
        'Added stdio MCP server my-server with command: npx my-mcp --flag a b to local config\n' +
        `File modified: ${place.home}/.claude.json [project: ${place.project}]\n`,
    });
    expect(claudeJson()).toEqual({ projects: { [place.project]: { mcpServers: { 'my-server': stdio } } } });
    expect(statSync(join(place.home, '.claude.json')).mode & 0o777).toBe(0o600);
  });

  test('writes for a whole repository what is local in a folder of it [MCP-1]', async () => {
    mkdirSync(join(place.project, '.git'));
    const folder = join(place.project, 'packages', 'one');
    mkdirSync(folder, { recursive: true });
    expect((await place.run(['mcp', 'add', 's', 'cmd'], { cwd: folder })).exitCode).toBe(0);
    expect(claudeJson()).toMatchObject({
      projects: { [place.project]: { mcpServers: { s: { command: 'cmd' } } } },
    });
    const { exitCode } = await place.run(['mcp', 'remove', 's'], { cwd: folder });
    expect(exitCode).toBe(0);
    expect(claudeJson()).toEqual({ projects: { [place.project]: { mcpServers: {} } } });
  });

  test.each([
    ['http', ['-t', 'http', 'h', 'https://example.com/mcp'], { type: 'http' }, 'HTTP'],
    ['sse', ['-t', 'sse', 'h', 'https://example.com/mcp'], { type: 'sse' }, 'SSE'],
    ['a URL alone', ['h', 'https://example.com/mcp'], { type: 'http' }, 'HTTP'],
    ['streamable-http', ['h', '-t', 'streamable-http', 'https://example.com/mcp'], { type: 'http' }, 'HTTP'],
  ])('writes a server at a URL: %s [MCP-1]', async (_name, args, type, word) => {
    const { stdout } = await mcp(
      'add',
      '-s',
      'project',
      ...args,
      '--header',
      'Authorization: Bearer x',
      '-H',
      'X-B: y:z',
    );
    expect(stdout).toContain(
      `Added ${word} MCP server h with URL: https://example.com/mcp to project config\n`,
    );
    expect(stdout).not.toContain('Bearer x');
    expect(projectJson()).toEqual({
      mcpServers: {
        h: { ...type, url: 'https://example.com/mcp', headers: { Authorization: 'Bearer x', 'X-B': 'y:z' } },
      },
    });
  });

  test('keeps all else of a file as it stands: unknown members, their form, its mode, a link [MCP-1]', async () => {
    const text =
      '{\n\t"numStartups": 4e2,\n\t"projects": {"/else": {"history": ["\\u00e9"]}},\n\t"mcpServers": {"old": {"command": "o"}}\n}\n';
    place.write({ 'dotfiles/claude.json': text });
    symlinkSync(join(place.root, 'dotfiles/claude.json'), join(place.home, '.claude.json'));
    await mcp('add', '-s', 'user', 'new', 'cmd');
    expect(place.read('dotfiles/claude.json')).toBe(
      text.replace(
        '{"command": "o"}',
        '{"command": "o"}, "new": { "type": "stdio", "command": "cmd", "args": [], "env": {} }',
      ),
    );
    await mcp('remove', 'new');
    expect(place.read('dotfiles/claude.json')).toBe(text);
  });

  test.each([
    [
      ['add', 'a b', 'cmd'],
      'Invalid name a b. Names can only contain letters, numbers, hyphens, and underscores.',
    ],
    [['add', 'n', '-e', 'NOEQ', '--', 'cmd'], 'Invalid environment variable format: NOEQ, '],
    [
      ['add', 'n', '-t', 'zzz', 'cmd'],
      'Invalid transport type: zzz. Must be one of: stdio, sse, http (or streamable-http)',
    ],
    [['add', 'n', '-t', 'http', 'cmd'], 'Invalid configuration: `url` is no URL'],
    [['add', 'n', 'cmd', '-H', 'A: b'], '--header is for servers at a URL, not for programs'],
    [['add', 'n', 'https://e.com', '-e', 'A=b'], '--env is for programs, not for servers at a URL'],
    [
      ['add', 'n', 'https://e.com', '-H', 'no colon secret'],
      'Expected: -H "Header-Name: value"; `-H` takes all words up to the next option or `--`, so the name of the server goes before it\n',
    ],
    [
      ['add-json', 'j', '{bad'],
      'Invalid configuration: not a JSON object. Check its quotes, commas and braces.',
    ],
    [['add-json', 'j', '{"type":"stdio"}'], 'Invalid configuration: `command` is missing'],
    [
      ['add-json', 'j', '{"mcpServers":{"j":{"command":"a"},"k":{"command":"b"}}}'],
      'Invalid configuration: give one entry of mcpServers by itself',
    ],
    [['accept', 'zzz'], 'No MCP server named "zzz". Run `codex-plus mcp list` to see those there are.'],
    [['remove', 'zzz'], 'No MCP server named "zzz". Run `codex-plus mcp list` to see those there are.'],
    [['get', 'zzz'], 'No MCP server named "zzz".'],
  ])('refuses %j and writes nothing [MCP-1]', async (args, message) => {
    const { exitCode, stderr, stdout } = await mcp(...args);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(() => claudeJson()).toThrow('ENOENT');
  });

  test('ends a wrong call with 2 [MCP-1]', async () => {
    expect((await mcp('add', '-e', 'A=1', 'B=2', 'n', '--', 'cmd')).exitCode).toBe(2);
    expect((await mcp('add', '-s', 'zzz', 'n', 'cmd')).exitCode).toBe(2);
    expect((await mcp('add', 'n', 'cmd', '--foo')).exitCode).toBe(2);
  });

  test('takes an address that has variables', async () => {
    expect((await mcp('add', 'n', '-t', 'http', 'https://${HOST:-example.com}/mcp')).exitCode).toBe(0);
  });

  test.each([
    ['twice the same name', { mcpServers: { n: { command: 'old' } } }, 'MCP server n already exists in '],
    ['servers that are no object', { mcpServers: [] }, 'mcpServers is not an object; mend it first'],
    ['broken JSON', '{"mcpServers": {,}}', '.mcp.json:1:17: '],
    ['servers that stand there twice', '{"mcpServers": {}, "mcpServers": {}}', 'has a name twice'],
  ])('leaves a file alone that has %s', async (_name, content, message) => {
    place.write({ 'project/.mcp.json': content });
    const before = place.read('project/.mcp.json');
    const { exitCode, stderr } = await mcp('add', '-s', 'project', 'n', 'cmd');
    expect([exitCode, place.read('project/.mcp.json')]).toEqual([1, before]);
    expect(stderr).toContain(message);
  });
});

test('mcp add-json writes what it is given, from stdin as well [MCP-1]', async () => {
  const entry = { type: 'http', url: 'https://example.com/mcp', headers: { A: 'b' } };
  expect((await mcp('add-json', 'j', JSON.stringify(entry), '-s', 'project')).stdout).toMatch(
    /^Added http MCP server j to project config\nFile modified: .*\.mcp\.json\nIt is used once you allow it/,
  );
  const stdin = Readable.from([JSON.stringify(stdio)]);
  expect((await place.run(['mcp', 'add-json', 'k', '-', '-s', 'project'], { stdin })).exitCode).toBe(0);
  expect(projectJson()).toEqual({ mcpServers: { j: entry, k: stdio } });
});

describe('mcp remove', () => {
  test('takes the server out of the one file that has it [MCP-1]', async () => {
    place.write({
      'project/.mcp.json':
        '{\n  "mcpServers": {\n    "srv": {"command":"old"},\n    "k": {"command":"z"}\n  }\n}',
    });
    expect((await mcp('remove', 'srv')).stdout).toBe(
      `Removed MCP server srv from project config\nFile modified: ${place.project}/.mcp.json\n`,
    );
    expect(place.read('project/.mcp.json')).toBe('{\n  "mcpServers": {\n    "k": {"command":"z"}\n  }\n}');
  });

  test.each([
    ['one that add made', undefined],
    ['one with nothing else in it', '{"mcpServers":{"srv":{"command":"x"}}}'],
  ])('takes away the file of a project with its last server: %s [MCP-1]', async (_what, content) => {
    if (content === undefined) await mcp('add', 'srv', 'x', '-s', 'project');
    else place.write({ 'project/.mcp.json': content });
    expect((await mcp('remove', 'srv')).stdout).toBe(
      `Removed MCP server srv from project config\nFile removed, as nothing else was in it: ${place.project}/.mcp.json\n`,
    );
    expect(existsSync(join(place.project, '.mcp.json'))).toBe(false);
  });

  test('leaves a file of a project that has something else in it, or is a link [MCP-1]', async () => {
    place.write({ 'project/.mcp.json': { note: 1, mcpServers: { srv: { command: 'x' } } } });
    await mcp('remove', 'srv');
    expect(projectJson()).toEqual({ note: 1, mcpServers: {} });
    place.write({ 'shared.json': { mcpServers: { srv: { command: 'x' } } } });
    rmSync(join(place.project, '.mcp.json'));
    symlinkSync(join(place.root, 'shared.json'), join(place.project, '.mcp.json'));
    await mcp('remove', 'srv');
    expect(projectJson()).toEqual({ mcpServers: {} });
  });

  test('asks for the scope where two have it [MCP-1]', async () => {
    place.write({
      'project/.mcp.json': { mcpServers: { srv: { command: 'p' } } },
      'home/.codexplus/mcp.json': { mcpServers: { srv: { command: 'u' } } },
    });
    expect(await mcp('remove', 'srv')).toMatchObject({
      exitCode: 1,
      stderr: [
        'MCP server "srv" exists in multiple scopes:',
        `  - Project config (shared via .mcp.json) (${place.project}/.mcp.json)`,
        `  - User config (available in all your projects) (${place.home}/.codexplus/mcp.json)`,
        '',
        'To remove from a specific scope, use:',
        '  codex-plus mcp remove srv -s project',
        '  codex-plus mcp remove srv -s user',
        '',
      ].join('\n'),
    });
    expect((await mcp('remove', 'srv', '-s', 'user')).exitCode).toBe(0);
    expect(JSON.parse(place.read('home/.codexplus/mcp.json'))).toEqual({ mcpServers: {} });
  });
});

test('mcp remove takes, of two files of one scope, the one that counts, and tells of the other [MCP-1]', async () => {
  place.write({
    'home/.claude.json': { mcpServers: { srv: { command: 'covered' } } },
    'home/.codexplus/mcp.json': { mcpServers: { srv: { command: 'counts' } } },
  });
  expect(await mcp('remove', 'srv')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining(`(${place.home}/.codexplus/mcp.json)`),
  });
  expect((await mcp('remove', 'srv', '-s', 'user')).stdout).toContain(
    `${place.home}/.claude.json still has a server of this name\n`,
  );
  expect(JSON.parse(place.read('home/.codexplus/mcp.json'))).toEqual({ mcpServers: {} });
  expect(claudeJson()).toEqual({ mcpServers: { srv: { command: 'covered' } } });
  expect((await mcp('remove', 'srv')).exitCode).toBe(0);
  expect(claudeJson()).toEqual({ mcpServers: {} });
});

describe('mcp import', () => {
  test("copies Codex's servers that are not here yet, variables by their names [MCP-1]", async () => {
    place.write({
      'home/.codex/config.toml': [
        '[mcp_servers.codexplus]\nurl = "http://127.0.0.1:3000/mcp"',
        '[mcp_servers.off]\ncommand = "x"\nenabled = false',
        '[mcp_servers.taken]\ncommand = "x"',
        '[mcp_servers.docs]\ncommand = "docs"\nargs = ["-v"]\ncwd = "/srv"\ntool_timeout_sec = 30\nenv = { A = "b" }\nenabled = true',
        '[mcp_servers.few]\ncommand = "f"\nenabled_tools = ["a"]\nstartup_timeout_sec = 5\nbearer_token_env_var = "T"',
        '[mcp_servers.far]\nurl = "https://far.example/mcp"\nbearer_token_env_var = "TOK"\nhttp_headers = { X = "y" }\nenv_http_headers = { K = "KEY" }\nscopes = ["s"]',
        '[mcp_servers.bad]\nargs = []',
      ].join('\n'),
      'project/.mcp.json': { mcpServers: { taken: { command: 'mine' } } },
    });
    const { stdout, exitCode } = await mcp('import', 'codex');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^left out off: it is switched off there\nleft out taken: there is a server of this name\nadded docs\nadded few, without enabled_tools, startup_timeout_sec, bearer_token_env_var, for which there is no setting: permission rules keep tools away, `mcp__SERVER__TOOL`\nadded far\nleft out bad: Invalid configuration: `command` .*\nto user config \(for you everywhere\): .*\.claude\.json\n$/,
    );
    expect(claudeJson()).toEqual({
      mcpServers: {
        docs: { type: 'stdio', command: 'docs', args: ['-v'], env: { A: 'b' }, cwd: '/srv', timeout: 30_000 },
        far: {
          ...{ type: 'http', url: 'https://far.example/mcp' },
          headers: { Authorization: 'Bearer ${TOK}', X: 'y', K: '${KEY}' },
          oauth: { scopes: ['s'] },
        },
        few: { type: 'stdio', command: 'f', args: [], env: {} },
      },
    });
  });

  test("says of a server that is switched off in Codex's configuration why it is left out [MCP-1]", async () => {
    place.write({ 'home/.codex/config.toml': '[mcp_servers.off]\ncommand = "x"\nenabled = false' });
    const { stdout, exitCode } = await mcp('import', 'codex', 'off');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^left out off: it is switched off there\n.* has no MCP servers that are switched on\n$/,
    );
  });

  test('copies single servers of Claude Desktop, their names made ones of ours [MCP-1]', async () => {
    place.write({
      'home/.config/Claude/claude_desktop_config.json': {
        mcpServers: { 'My Notes': { command: 'notes' }, other: { command: 'o' } },
      },
    });
    expect((await mcp('import', 'claude-desktop', 'My Notes')).stdout).toMatch(
      /^added My_Notes\nto local config \(for you in this project\): /,
    );
    expect(claudeJson()).toEqual({
      projects: { [place.project]: { mcpServers: { My_Notes: { command: 'notes' } } } },
    });
    const missing = await mcp('import', 'claude-desktop', 'zzz');
    expect([missing.exitCode, missing.stderr]).toEqual([
      1,
      expect.stringContaining('has no MCP server named "zzz"'),
    ]);
  });
});
