import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createCliPlace, type CliPlace } from './cli-place.ts';

let place: CliPlace;

beforeEach(() => {
  place = createCliPlace();
});

afterEach(() => {
  place.remove();
});

const mcp = (...args: readonly string[]) => place.run(['mcp', ...args]);

test('mcp add says where options of the program stand [MCP-1]', async () => {
  const { exitCode, stderr } = await mcp('add', 'n', 'npx', '-y', 'foo');
  expect(exitCode).toBe(2);
  expect(stderr).toBe(
    "error: unknown option '-y'\n" +
      'Options of the program stand behind `--`: codex-plus mcp add NAME -- npx -y PACKAGE\n',
  );
});

const usage =
  'Usage: codex-plus mcp add NAME [-e KEY=value …] -- COMMAND [ARGS…]\n' +
  '       codex-plus mcp add NAME URL [-H "Name: value" …]\n' +
  '-e and -H take all words up to the next option or `--`, so NAME goes before them.\n';
const takesWords = (option: string): string =>
  `\`${option}\` takes all words up to the next option or \`--\`, so the name of the server goes before it\n`;

test.each([
  [['-e', 'K=V', 'name', '--', 'cmd'], usage],
  [['name', '-e', 'K=V', 'cmd'], usage],
  [['-H', 'A: b', 'name', 'https://x.test/mcp'], usage],
  [['name'], usage],
  [['-e', 'K=V', 'name', '--', 'npx', '-y', 'foo'], takesWords('-e')],
  [['--header', 'A: b', 'name', '--', 'x', 'https://x.test/mcp'], takesWords('-H')],
])('mcp add %j, where an option takes the name, says how it is written [MCP-1]', async (args, said) => {
  const { exitCode, stderr } = await mcp('add', ...args);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain(said);
});

test.each([[['name', '-e', 'K=V', 'OTHER=W', '--', 'cmd']], [['-e', 'K=V', '--', 'name', 'cmd']]])(
  'mcp add %j is understood as it is by Claude Code [MCP-1]',
  async (args) => {
    expect((await mcp('add', ...args)).exitCode).toBe(0);
    expect(place.read('home/.claude.json')).toContain('"command": "cmd"');
  },
);

test("mcp import claude says that Claude Code's servers are used already [MCP-1]", async () => {
  const { exitCode, stderr } = await mcp('import', 'claude');
  expect(exitCode).toBe(2);
  expect(stderr).toContain(
    "Claude Code's own servers are used without it: `codex-plus mcp list` shows them\n",
  );
  expect((await mcp('import', 'other')).stderr).not.toContain('used without it');
});

test('mcp add-json takes a whole file with the one server in it [MCP-1]', async () => {
  expect((await mcp('add-json', 'j', '{"mcpServers":{"j":{"command":"a"}}}')).exitCode).toBe(0);
  expect(JSON.parse(place.read('home/.claude.json'))).toMatchObject({
    projects: { [place.project]: { mcpServers: { j: { command: 'a' } } } },
  });
});

test('mcp add says how models know a server whose name has two underscores [MCP-1]', async () => {
  expect((await mcp('add', 'x__y', 'cmd')).stdout).toMatch(
    /\nModels know its tools as mcp__x_y-[0-9a-f]{8}__TOOL, .*; rules and hooks as mcp__x__y__TOOL\n$/,
  );
  expect((await mcp('add', 'x_y', 'cmd')).stdout).not.toContain('Models know');
});

test.each([
  ['ftp://files.test/mcp'],
  ['ws://x.test'],
  ['example.com/mcp'],
  ['mcp.example.com:8443'],
  ['127.0.0.1:3000/mcp'],
  ['localhost:3000'],
  ['[::1]:3000/mcp'],
])('mcp add %s is told how an address is written, and writes nothing [MCP-1]', async (target) => {
  const { exitCode, stderr } = await mcp('add', 'x', target);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('a server at a URL is written with https:// or http:// before its host');
  expect((await mcp('list')).stdout).toContain('No MCP servers configured');
  expect((await mcp('add', 'x', target, '--transport', 'stdio')).exitCode).toBe(0);
});

test.each([
  ['npx'],
  ['server.py'],
  ['./example.com/mcp'],
  ['/opt/a.b/mcp'],
  ['node_modules/.bin/x'],
  ['C:\\x\\y.exe'],
])('mcp add %s is a program [MCP-1]', async (target) => {
  expect((await mcp('add', 'x', target)).stdout).toContain(`with command: ${target}`);
});
