import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createCliPlace, type CliPlace } from './cli-place.ts';

let place: CliPlace;

beforeEach(() => {
  place = createCliPlace();
  place.write({ 'codex_plus.json': { server: { port: 3999 } } });
});

afterEach(() => {
  place.remove();
});

const mcp = (...args: readonly string[]) => place.run(['mcp', ...args]);
const leftOut = 'is the /mcp of Codex-Plus itself: left out here, its client uses it';
const own = [
  'http://127.0.0.1:3999/mcp',
  'http://localhost:3999/mcp?project=/work',
  'http://[::1]:3999/mcp/',
  'http://127.0.0.1:4001/mcp',
] as const;
const others = ['http://127.0.0.1:3998/mcp', 'http://127.0.0.1:3999/other', 'https://far.example:3999/mcp'];

function running(): void {
  const instance = { pid: 1, url: 'http://127.0.0.1:4001', version: '1.0.0', startedAt: '2026-01-01' };
  place.write({ 'state/running.json': instance });
}

test.each(own)('%s is left out by list, get and test, and nothing is wrong with it [MCP-1]', async (url) => {
  running();
  place.write({ 'home/.claude.json': { mcpServers: { all: { type: 'http', url } } } });
  for (const sub of [['list'], ['get', 'all'], ['test', 'all']]) {
    const { exitCode, stdout } = await mcp(...sub);
    expect([sub, exitCode]).toEqual([sub, 0]);
    expect(stdout).toContain(leftOut);
  }
  expect((await mcp('list', '--json')).json()).toMatchObject({ servers: [{ state: { kind: 'own' } }] });
});

test.each(['codex', 'claude-desktop'])('import of %s leaves out what leads here [MCP-1]', async (source) => {
  running();
  const named = [...own, ...others].map((url, index) => [`s${index}`, { url }] as const);
  place.write({
    'home/.codex/config.toml': named
      .map(([name, { url }]) => `[mcp_servers.${name}]\nurl = "${url}"`)
      .join('\n'),
    'home/.config/Claude/claude_desktop_config.json': { mcpServers: Object.fromEntries(named) },
  });
  const { stdout, exitCode } = await mcp('import', source);
  expect(exitCode).toBe(0);
  const lines = stdout.split('\n');
  expect(lines.slice(0, own.length)).toEqual(own.map((_url, index) => `left out s${index}: it ${leftOut}`));
  expect(lines.slice(own.length, own.length + others.length)).toEqual(
    others.map((_url, index) => `added s${own.length + index}`),
  );
  expect(place.read('home/.claude.json')).not.toMatch(/localhost|4001|\[::1\]/);
});
