import { describe, expect, test } from '@jest/globals';
import { launchOf, type Launch } from '../../../middleware/features/mcp/launch.ts';
import { readServerEntry } from '../../../middleware/features/mcp/read-server-entry.ts';
import type { Scope } from '../../../middleware/kernel/config-source.ts';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { snapshotWith, sourceIn } from '../../support/built-in-context.ts';

/** About twelve days. */
const longestMs = 2 ** 30 - 10_000;

interface PlaceOptions {
  readonly name?: string;
  readonly scope?: Scope;
  readonly workspace?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the settings of the user and of the project set. */
  readonly ofUser?: JsonObject;
  readonly ofProject?: JsonObject;
}

function launch(entry: JsonObject, options: PlaceOptions = {}): Launch {
  const { name = 'one', scope = 'user', workspace = '/home/ada/shop', env = {} } = options;
  const { ofUser = {}, ofProject = {} } = options;
  const reading = readServerEntry(entry);
  if (reading.kind === 'broken') throw new Error(reading.fault);
  const project = snapshotWith({
    workspace,
    settings: [
      { source: sourceIn('project'), settings: { env: ofProject } },
      { source: sourceIn('user'), settings: { env: ofUser } },
    ],
  });
  return launchOf(reading.definition, {
    name,
    source: sourceIn(scope),
    project,
    env,
    mayAskModel: false,
  });
}

describe('what is started for a server', () => {
  test('has our environment, under the variables of settings and of its entry [MCP-1]', () => {
    const { env, cwd } = launch(
      { command: 'a', args: [], env: { C: 'entry' }, cwd: 'sub' },
      { env: { A: 'ours', B: 'ours', C: 'ours' }, ofUser: { B: 'user', C: 'user' } },
    );
    expect(env).toEqual({ A: 'ours', B: 'user', C: 'entry', CLAUDE_PROJECT_DIR: '/home/ada/shop' });
    expect(cwd).toBe('/home/ada/shop/sub');
  });

  test('gets variables of the project only where the project brings it along [MCP-1]', () => {
    const settings = { ofUser: { PATH: 'user' }, ofProject: { PATH: 'project', MCP_TIMEOUT: '5' } };
    const ofUser = launch({ command: 'a' }, settings);
    // In their own `.claude.json`, for this folder.
    const forFolder = launch({ command: 'a' }, { ...settings, scope: 'local' });
    const ofProject = launch({ command: 'a' }, { ...settings, scope: 'project' });
    for (const { env, startMs } of [ofUser, forFolder])
      expect([env['PATH'], startMs]).toEqual(['user', 30_000]);
    expect([ofProject.env['PATH'], ofProject.startMs]).toEqual(['project', 5]);
  });

  test('is shared where the same would be started, and nowhere else [MCP-1]', () => {
    const stdio = { command: 'a', args: ['b'] };
    const remote = { url: 'https://h/mcp', headers: { A: 'b' } };
    const elsewhere = { workspace: '/home/ada/other' };
    expect(launch(stdio).key).toBe(launch(stdio, { env: { OURS: 'is the same for all' } }).key);
    expect(launch(stdio).key).not.toBe(launch(stdio, elsewhere).key);
    expect(launch({ ...stdio, cwd: '/srv' }).key).toBe(launch({ ...stdio, cwd: '/srv' }, elsewhere).key);
    expect(launch(stdio).key).not.toBe(launch({ ...stdio, env: { A: 'b' } }).key);
    expect(launch(stdio).key).not.toBe(launch(stdio, { ofUser: { A: 'b' } }).key);
    expect(launch(remote).key).toBe(launch(remote, elsewhere).key);
    expect(launch(remote).key).not.toBe(launch({ ...remote, headers: { A: 'c' } }).key);
    const helped = { ...remote, headersHelper: './h.sh' };
    expect(launch(helped).key).not.toBe(launch(helped, elsewhere).key);
    // A helper may go by the name, and so by another account.
    expect(launch(helped).key).not.toBe(launch(helped, { name: 'two' }).key);
    // What is said of it names it, to whoever uses it.
    expect(launch(remote).key).not.toBe(launch(remote, { name: 'two' }).key);
  });

  test('has the limits of its entry, of settings, and of the environment [MCP-5]', () => {
    const env = { MCP_TOOL_TIMEOUT: '7000', MCP_TIMEOUT: '99999999999', MAX_MCP_OUTPUT_TOKENS: '5' };
    const limits = ({ startMs, callMs, maxTokens }: Launch) => [startMs, callMs, maxTokens];
    expect(limits(launch({ command: 'a' }))).toEqual([30_000, 600_000, 25_000]);
    expect(limits(launch({ command: 'a' }, { env }))).toEqual([longestMs, 7_000, 5]);
    expect(
      limits(launch({ command: 'a', timeout: 1_000 }, { env, ofUser: { MCP_TIMEOUT: 'soon' } })),
    ).toEqual([30_000, 1_000, 5]);
    // Of whatever size they are, timers take them: no part of a millisecond, and nothing that would fire at once.
    expect(limits(launch({ command: 'a', timeout: 2_000.5 }))).toEqual([30_000, 2_001, 25_000]);
    for (const timeout of [3e9, 1e12])
      expect(limits(launch({ url: 'https://h/mcp', timeout }))).toEqual([30_000, longestMs, 25_000]);
  });
});
