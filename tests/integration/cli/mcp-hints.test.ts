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
