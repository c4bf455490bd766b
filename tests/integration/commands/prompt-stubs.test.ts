import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { ServerPrompts } from '../../../middleware/features/commands/stubs/prompt-stubs.ts';
import { skillStubFiles } from '../../../middleware/features/commands/stubs/skill-stubs.ts';
import { syncStubs } from '../../../middleware/features/commands/stubs/sync-stubs.ts';
import { applyPlan } from '../../../middleware/features/install/apply-plan.ts';
import { readInstallRecord } from '../../../middleware/features/install/install-record.ts';
import { codexTurn, user } from '../../support/codex-turns.ts';
import { composeMiddleware } from '../../support/compose-middleware.ts';
import { startFakeUpstream } from '../../support/fake-upstream/fake-upstream.ts';
import { contentsFixture } from '../../support/mcp/pool-place.ts';
import { makeTestFolder } from '../../support/start-middleware.ts';
import { lookedAgain } from '../../support/test-clock.ts';
import { until } from '../../support/until.ts';

let home: string;
let workspace: string;

beforeEach(async () => {
  home = await makeTestFolder('prompt-stubs');
  workspace = join(home, 'project');
  await mkdir(workspace);
  const help = { name: 'help', description: 'Helps', file: undefined, project: undefined };
  applyPlan(home, skillStubFiles(join(home, '.codex', 'skills'), [help]));
});

afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const file = (name: string): string => join(home, '.codex', 'skills', name, 'SKILL.md');

function prompts(server: string, names: readonly string[], project?: string): ServerPrompts {
  return {
    ...{ server, project },
    prompts: names.map((prompt) => ({
      ...{ server, prompt, name: `mcp__${server}__${prompt}`, description: 'Greets' },
      args: [
        { name: 'who', isRequired: true },
        { name: 'how', isRequired: false },
      ],
    })),
  };
}

const sync = (servers: readonly ServerPrompts[], at = workspace): Promise<void> =>
  syncStubs({ home, env: {}, workspace: at, servers });

test('the prompts that are known are skills of Codex with their arguments, until they are gone [CMD-6] [MCP-3]', async () => {
  await sync([prompts('notes', ['greet', 'bye'])]);
  const text = readFileSync(file('mcp__notes__greet'), 'utf8');
  expect(text).toContain('description: "Greets <who> [how] (Codex-Plus)"');
  expect(text).toContain('\ncommand: mcp__notes__greet\nserver: notes\n');
  // Nobody has asked the server since a restart.
  await sync([{ server: 'notes', project: undefined, prompts: undefined }]);
  expect(existsSync(file('mcp__notes__greet'))).toBe(true);
  await sync([prompts('notes', ['greet'])]);
  expect(['greet', 'bye'].map((name) => existsSync(file(`mcp__notes__${name}`)))).toEqual([true, false]);
  await sync([]);
  expect(existsSync(join(file('mcp__notes__greet'), '..'))).toBe(false);
  expect(readInstallRecord(home).files.filter(({ file: one }) => one.includes('mcp__'))).toEqual([]);
  expect(existsSync(file('help'))).toBe(true);
});

test("a project's prompts stay while another project is worked in, and go with their project [CMD-6] [MCP-3]", async () => {
  const other = join(home, 'other');
  mkdirSync(other);
  await sync([prompts('mine', ['greet'], workspace)]);
  await sync([], other);
  expect(readFileSync(file('mcp__mine__greet'), 'utf8')).toContain(`\nproject: ${workspace}\n`);
  rmSync(workspace, { recursive: true });
  await sync([], other);
  expect(existsSync(file('mcp__mine__greet'))).toBe(false);
});

test('of one server no more than fifty are offered, and none with a name that Codex does not take [CMD-6] [MCP-3]', async () => {
  const many = Array.from({ length: 60 }, (_, at) => `p${at}`);
  await sync([prompts('notes', ['x'.repeat(60), ...many]), prompts('a\nfrom: b', ['greet'])]);
  const written = readInstallRecord(home).files.filter(({ file: one }) => one.endsWith('SKILL.md'));
  expect(written.filter(({ file: one }) => one.includes('mcp__'))).toHaveLength(50);
  expect(existsSync(file(`mcp__notes__${'x'.repeat(60)}`))).toBe(false);
});

test('a running middleware offers them once it knows them, and starts no server for it [CMD-6] [MCP-3]', async () => {
  const started = join(home, 'started');
  const mcpServers = { notes: contentsFixture({ env: { STARTS_FILE: started } }) };
  writeFileSync(join(home, '.claude.json'), JSON.stringify({ mcpServers }));
  const upstream = await startFakeUpstream();
  const env = { CODEX_PLUS_STATE_DIR: join(home, 'state'), PATH: process.env['PATH'] ?? '' };
  const middleware = await composeMiddleware(upstream.url, { ...env, CODEX_PLUS_MCP_TOOLS: 'never' }, home);
  let turns = 0;
  const say = (text: string): Promise<string> => {
    turns += 1;
    for (let at = 0; at < 11; at += 1) lookedAgain();
    return codexTurn(middleware.port, { session: `s${turns}`, workspace, input: [user(text, 'm1')] });
  };
  try {
    await say('hello');
    await say('hello');
    expect(existsSync(started)).toBe(false);
    await say('/mcp notes');
    await until(async () => {
      await say('hello');
      return existsSync(file('mcp__notes__greet'));
    });
    expect(readFileSync(file('mcp__notes__greet'), 'utf8')).toContain('Greets somebody. <who> [how]');
  } finally {
    await middleware.close();
    await upstream.close();
  }
});
