import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ProjectSnapshot } from '../../../middleware/platform/config/scopes/project-snapshot.ts';
import { createProjectFolders, type ProjectFolders } from './project-folders.ts';

let folders: ProjectFolders;

beforeEach(() => {
  folders = createProjectFolders();
});

afterEach(() => {
  folders.remove();
});

function reasons({ problems }: ProjectSnapshot): readonly string[] {
  return problems.map(({ file, reason }) => `${file.slice(folders.root.length + 1)}: ${reason}`);
}

describe('MCP servers', () => {
  function servers({ mcpServers }: ProjectSnapshot): Readonly<Record<string, string>> {
    return Object.fromEntries(
      [...mcpServers].map(([name, { source, value }]) => [
        name,
        `${source.scope} ${String(value['command'])}`,
      ]),
    );
  }

  test('local goes before project, the nearer before the farther, both before the user, as in Claude Code 2.1.329 [MCP-1]', async () => {
    const sub = join(folders.project, 'sub');
    const entry = (command: string): unknown => ({ command });
    folders.write({
      'project/sub/.mcp.json': { mcpServers: { b: entry('near'), c: entry('near') } },
      'project/.mcp.json': { mcpServers: { c: entry('far'), d: entry('far') } },
      'home/.codexplus/mcp.json': { mcpServers: { d: entry('ours'), e: entry('ours') } },
      'home/.claude.json': {
        mcpServers: { e: entry('claude'), f: entry('claude') },
        projects: { [sub]: { mcpServers: { a: entry('local'), b: entry('local') } } },
      },
    });
    expect(servers(await folders.cache().of(sub))).toEqual({
      a: 'local local',
      b: 'local local',
      c: 'project near',
      d: 'project far',
      e: 'user ours',
      f: 'user claude',
    });
  });

  test("an organisation's managed-mcp.json replaces all others, broken too, as in Claude Code 2.1.329 [MCP-1]", async () => {
    folders.write({
      'project/.mcp.json': { mcpServers: { a: { command: 'x' } } },
      'home/.claude.json': { mcpServers: { b: { command: 'x' } } },
    });
    const cache = folders.cache();
    expect(Object.keys(servers(await cache.of(folders.project)))).toEqual(['a', 'b']);
    folders.write({ 'enterprise/managed-mcp.json': '{' });
    expect(servers(await cache.of(folders.project))).toEqual({});
    folders.write({ 'enterprise/managed-mcp.json': { mcpServers: { m: { command: 'y' } } } });
    expect(servers(await cache.of(folders.project))).toEqual({ m: 'enterprise y' });
  });

  test('variables of the settings reach an .mcp.json, as in Claude Code 2.1.329; a change of them counts [MCP-1]', async () => {
    folders.write({
      'project/.mcp.json': { mcpServers: { a: { command: '${NAME:-none} ${SHELL_NAME}' } } },
    });
    const cache = folders.cache({ env: { SHELL_NAME: 'sh' } });
    expect(servers(await cache.of(folders.project))).toEqual({ a: 'project none sh' });
    folders.write({ 'home/.claude/settings.json': { env: { NAME: 'set' } } });
    expect(servers(await cache.of(folders.project))).toEqual({ a: 'project set sh' });
  });

  test('a broken .mcp.json is told, and its last good servers stay [MCP-1]', async () => {
    folders.write({ 'project/.mcp.json': { mcpServers: { a: { command: 'x' } } } });
    const cache = folders.cache();
    await cache.of(folders.project);
    folders.write({ 'project/.mcp.json': '{"mcpServers": {' });
    const snapshot = await cache.of(folders.project);
    expect([Object.keys(servers(snapshot)), reasons(snapshot)]).toEqual([
      ['a'],
      ['project/.mcp.json: is not JSON: it ends too early'],
    ]);
  });
});
