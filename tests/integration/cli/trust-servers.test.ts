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
