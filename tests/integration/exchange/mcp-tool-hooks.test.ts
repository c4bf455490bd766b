import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { runCli } from '../../../middleware/cli/program.ts';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { user } from '../../support/codex-turns.ts';
import { rootDir } from '../../support/compose-middleware.ts';
import { developer, useHookBench } from '../../support/hook-bench.ts';
import { fixture } from '../../support/mcp/pool-place.ts';

const bench = useHookBench();

/** As somebody does in the project who was told that nobody allowed its server. */
async function allowAll(): Promise<void> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const home = join(bench.folder, 'home');
  const env = {
    PATH: process.env['PATH'],
    HOME: home,
    CODEX_PLUS_STATE_DIR: join(bench.folder, 'state'),
    CODEX_PLUS_CONFIG: join(bench.folder, 'codex_plus.json'),
  };
  await bench.file('codex_plus.json', '{}');
  const context = {
    ...{ rootDir, home, env, stdout, stderr, stdin: process.stdin },
    cwd: bench.workspace,
    isInteractive: false,
  };
  await runCli(['trust', 'add', '--all', '--yes'], context, '1.2.3');
}

describe('an mcp_tool hook', () => {
  const writeHook = async (hook: JsonObject): Promise<void> => {
    const hooks = { UserPromptSubmit: [{ hooks: [{ type: 'mcp_tool', server: 'one', ...hook }] }] };
    await bench.file('home/.claude/settings.json', JSON.stringify({ hooks }));
  };
  const writeServer = (entry: JsonObject, path = 'home/.codexplus/mcp.json'): Promise<void> =>
    bench.file(path, JSON.stringify({ mcpServers: { one: entry } }));

  test('calls a tool of a server with fields of its input, and what the tool says is an answer [HK-1] [MCP-1]', async () => {
    await writeServer(fixture());
    await writeHook({ tool: 'echo', input: { text: 'heard: ${prompt}' } });
    await bench.turn([user('hi', 'm1')]);
    expect(bench.sent()).toEqual([user('hi', 'm1'), developer('UserPromptSubmit hook success: heard: hi')]);
    await writeHook({ tool: 'echo', input: { text: '{"decision": "block", "reason": "not ${prompt}"}' } });
    bench.session = 's2';
    expect(await bench.turn([user('hi', 'm1')])).toContain('not hi');
    expect(bench.upstream.requests).toHaveLength(1);
  });

  test.each([
    [
      'crashes',
      { tool: 'crash' },
      fixture(),
      'ended with exit code 3: the disk is on fire during tool \\"crash\\"',
    ],
    ['says no', { tool: 'fail' }, fixture(), 'it is not so'],
    [
      'is not there',
      { tool: 'fail' },
      { command: '/no/such/program' },
      'could not be started: it was not found',
    ],
    ['is slow', { tool: 'hang', timeout: 0.5 }, fixture(), 'did not end within 0.5 s'],
    ['is unreadable', { tool: 'x' }, { type: 'http' }, '`url` is no URL'],
  ])('whose server %s has failed, and the turn goes on [HK-1] [MCP-5]', async (_, hook, entry, reason) => {
    await writeServer(entry);
    await writeHook(hook);
    await bench.turn([user('hi', 'm1')]);
    expect(bench.sent()).toEqual([user('hi', 'm1')]);
    expect(JSON.stringify(bench.middleware.lines)).toContain(reason);
  });

  test('starts a server of the project only after `codex-plus trust` allowed it [MCP-1]', async () => {
    await writeServer(fixture(), 'project/.mcp.json');
    await writeHook({ tool: 'echo', input: { text: 'started' } });
    await bench.turn([user('hi', 'm1')]);
    expect(bench.sent()).toEqual([user('hi', 'm1')]);
    expect(JSON.stringify(bench.middleware.lines)).toContain(
      `of ${join(bench.workspace, '.mcp.json')} was not allowed yet: \`codex-plus trust add\` does`,
    );
    expect(await bench.middleware.metrics()).toContain(
      'codex_plus_mcp_calls_total{outcome="unusable",server="one"} 1',
    );
    await allowAll();
    bench.session = 's2';
    await bench.turn([user('hi', 'm1')]);
    expect(bench.sent()).toEqual([user('hi', 'm1'), developer('UserPromptSubmit hook success: started')]);
  });
});
