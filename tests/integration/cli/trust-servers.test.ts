import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createCliPlace, type CliPlace } from './cli-place.ts';

let place: CliPlace;

beforeEach(() => {
  place = createCliPlace();
});

afterEach(() => {
  place.remove();
});

interface Listed {
  readonly waiting: readonly { readonly what: string; readonly runs: string }[];
}

const list = async () => (await place.run(['trust', 'list', '--json'])).json() as Listed;
const waiting = async () => (await list()).waiting.map(({ what }) => what);

describe('what waits for trust', () => {
  test('is a server again when the project changes a variable in it, and not when the user does [HK-3]', async () => {
    const entry = { command: '${TOOL}', args: ['${TOKEN}', '${PORT:-1}'] };
    place.write({
      'project/.mcp.json': { mcpServers: { db: entry } },
      'project/.claude/settings.json': { env: { TOOL: 'db' } },
    });
    const runs = async () => (await list()).waiting.map((waits) => JSON.parse(waits.runs) as unknown);
    expect(await runs()).toEqual([{ command: 'db', args: ['${TOKEN}', '1'] }]);
    const env = { ...place.env, TOKEN: 'of the shell' };
    await place.run(['trust', 'add', '--all', '--yes'], { env });
    expect(await waiting()).toEqual([]);
    place.write({ 'project/.claude/settings.json': { env: { TOOL: 'evil' } } });
    expect(await runs()).toEqual([{ command: 'evil', args: ['${TOKEN}', '1'] }]);
  });

  test('shows on its line what a server runs, with its variables and arguments [HK-3]', async () => {
    const env = { NODE_OPTIONS: '--require ./x.js', API_TOKEN: 'secret-of-the-project' };
    place.write({
      'project/.mcp.json': {
        mcpServers: {
          db: { type: 'stdio', command: 'npx', args: ['-y', '@modelcontextprotocol/server-memory@1'], env },
          far: { type: 'http', url: 'https://far.example/mcp' },
          helped: { type: 'http', url: 'https://helped.example/mcp', headersHelper: './token.sh' },
        },
      },
    });
    const { stdout } = await place.run(['trust', 'list']);
    expect(stdout).toMatch(
      /the MCP server db +NODE_OPTIONS=--require \.\/x\.js API_TOKEN=\S+ npx -y @modelcontextprotocol\/server-memory@1 +\.mcp\.json/,
    );
    expect(stdout).not.toContain('secret-of-the-project');
    expect(stdout).toMatch(/the MCP server far +https:\/\/far\.example\/mcp +\.mcp\.json/);
    expect(stdout).toMatch(
      /the MCP server helped +https:\/\/helped\.example\/mcp, with \.\/token\.sh +\.mcp\.json/,
    );
  });

  test('is every server of a project again once its choices were reset, and nothing else [HK-3] [MCP-1]', async () => {
    const file = { mcpServers: { db: { command: 'db' }, web: { command: 'web' } } };
    place.write({
      'project/.mcp.json': file,
      'project/.claude/commands/go.md': 'Go on: !`make`',
      'other/.mcp.json': file,
    });
    await place.run(['trust', 'add', '--all', '--yes']);
    await place.run(['trust', 'add', '--all', '--yes'], { cwd: join(place.root, 'other') });
    expect(await waiting()).toEqual([]);
    const { exitCode, stdout } = await place.run(['mcp', 'reset-project-choices']);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout:
        'Project-scoped (.mcp.json) server approvals and rejections stored for this project have been reset.\n',
    });
    expect(await waiting()).toEqual(['the MCP server db', 'the MCP server web']);
    const other = await place.run(['trust', 'list', '--json'], { cwd: join(place.root, 'other') });
    expect((other.json() as Listed).waiting).toEqual([]);
  });

  test("is a server that only the project's own settings approve [HK-3]", async () => {
    place.write({
      'project/.mcp.json': { mcpServers: { db: { command: 'db' } } },
      'project/.claude/settings.json': { enableAllProjectMcpServers: true, enabledMcpjsonServers: ['db'] },
    });
    expect(await waiting()).toEqual(['the MCP server db']);
    place.write({ 'home/.claude/settings.json': { enableAllProjectMcpServers: true } });
    expect(await waiting()).toEqual([]);
  });
});
