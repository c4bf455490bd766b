import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ConfigError } from '../../../middleware/platform/config/config-error.ts';
import type { ProjectSnapshot } from '../../../middleware/platform/config/scopes/project-snapshot.ts';
import { createProjectFolders, type ProjectFolders } from './project-folders.ts';

let folders: ProjectFolders;

beforeEach(() => {
  folders = createProjectFolders();
});

afterEach(() => {
  folders.remove();
});

function variables({ settings }: ProjectSnapshot): Readonly<Record<string, string>> {
  return Object.fromEntries([...settings.env].map(([name, { value }]) => [name, value]));
}

function rules({ settings }: ProjectSnapshot): readonly string[] {
  return settings.rules.map(({ behavior, text, source }) => `${source.scope} ${behavior} ${text}`);
}

/** Each of them was seen in Claude Code 2.1.329 with files of the same kind. */
describe('as in Claude Code 2.1.329', () => {
  test('one variable set in five places, another in four, and so on [CFG-1]', async () => {
    const set = (scope: string, ...names: readonly string[]): unknown => ({
      env: Object.fromEntries(names.map((name) => [name, scope])),
    });
    folders.write({
      'enterprise/managed-settings.json': set('enterprise', 'V1'),
      'project/.claude/settings.local.json': set('local', 'V1', 'V2', 'V3'),
      'project/.claude/settings.json': set('project', 'V1', 'V2', 'V3', 'V4'),
      'home/.claude/settings.json': set('user', 'V1', 'V2', 'V3', 'V4', 'V5'),
    });
    const cache = folders.cache({ cliSettings: [JSON.stringify(set('cli', 'V1', 'V2'))] });
    expect(variables(await cache.of(folders.project))).toEqual({
      V1: 'enterprise',
      V2: 'cli',
      V3: 'local',
      V4: 'project',
      V5: 'user',
    });
  });

  test("a project's model goes before the user's, an organisation's before the command line's [CFG-1]", async () => {
    folders.write({
      'home/.claude/settings.json': { model: 'of-user' },
      'project/.claude/settings.json': { model: 'of-project' },
    });
    const cache = folders.cache({ cliSettings: ['{"model":"of-cli"}'] });
    expect((await folders.cache().of(folders.project)).settings.model?.value).toBe('of-project');
    expect((await cache.of(folders.project)).settings.model?.value).toBe('of-cli');
    folders.write({ 'enterprise/managed-settings.json': { model: 'of-enterprise' } });
    expect((await cache.of(folders.project)).settings.model?.value).toBe('of-enterprise');
  });

  test('managed-settings.d goes over managed-settings.json, the later name over the earlier [CFG-1]', async () => {
    folders.write({
      'enterprise/managed-settings.json': { env: { V1: 'base', V2: 'base' }, hooks: { Stop: [] } },
      'enterprise/managed-settings.d/30-y.json': { env: { V3: 'thirty', V4: 'thirty' } },
      'enterprise/managed-settings.d/05-x.json': { env: { V2: 'five', V3: 'five' } },
    });
    const snapshot = await folders.cache().of(folders.project);
    expect(variables(snapshot)).toEqual({ V1: 'base', V2: 'five', V3: 'thirty', V4: 'thirty' });
    expect(snapshot.settings.hooks).toHaveLength(1);
  });

  test("the rules of all files count; those that a project's shared file allows can be told apart [CFG-1]", async () => {
    folders.write({
      'home/.claude/settings.json': { permissions: { allow: ['Bash(u *)'] } },
      'project/.claude/settings.json': {
        permissions: { allow: ['Bash(p *)'], deny: ['Bash(echo x *)'], ask: ['Bash(u *)'] },
      },
      'project/.claude/settings.local.json': { permissions: { allow: ['Bash(l *)'] } },
    });
    const cache = folders.cache({ cliSettings: ['{"permissions":{"deny":["Bash(u *)"]}}'] });
    expect(rules(await cache.of(folders.project))).toEqual([
      'cli deny Bash(u *)',
      'local allow Bash(l *)',
      'project deny Bash(echo x *)',
      'project ask Bash(u *)',
      'project allow Bash(p *)',
      'user allow Bash(u *)',
    ]);
  });

  test('--settings that is neither JSON nor a file is an error before anything runs [CFG-1]', () => {
    for (const [value, reason] of [
      ['{bad', '--settings: line 1, column 2: is not JSON: a name in double quotes is expected'],
      [join(folders.root, 'none.json'), `${join(folders.root, 'none.json')}: is missing`],
      [
        '{"permissions":{"allow":[1]}}',
        /^--settings: permissions\.allow\[0\]: line 1, column 26: must be a rule/,
      ],
    ] as const) {
      const create = (): unknown => folders.cache({ cliSettings: [value] });
      expect(create).toThrow(ConfigError);
      expect(create).toThrow(reason);
    }
  });

  test('settings of a folder above the workspace do not count, in a git repository neither [CFG-1]', async () => {
    folders.write({ 'project/.claude/settings.json': { env: { V1: 'above' }, hooks: { Stop: [] } } });
    const sub = join(folders.project, 'sub');
    mkdirSync(sub);
    expect(variables(await folders.cache().of(sub))).toEqual({});
    mkdirSync(join(folders.project, '.git'));
    const snapshot = await folders.cache().of(sub);
    expect([variables(snapshot), snapshot.settings.hooks]).toEqual([{}, []]);
  });

  test('of the git root only settings.local.json counts, with what the workspace has itself [CFG-1]', async () => {
    folders.write({
      'project/.git': 'gitdir: /somewhere/else\n',
      'project/.claude/settings.local.json': { env: { V1: 'root-local', V4: 'root-local' } },
      'project/.claude/settings.json': { env: { V2: 'root' } },
      'project/sub/.claude/settings.json': { env: { V3: 'sub' } },
      'project/sub/.claude/settings.local.json': { env: { V4: 'sub-local' } },
    });
    expect(variables(await folders.cache().of(join(folders.project, 'sub')))).toEqual({
      V1: 'root-local',
      V3: 'sub',
      V4: 'sub-local',
    });
  });

  test('CLAUDE_CONFIG_DIR takes the place of ~/.claude [CFG-1]', async () => {
    folders.write({
      'home/other/settings.json': { env: { V1: 'other' } },
      'home/.claude/settings.json': { env: { V2: 'home' } },
    });
    const cache = folders.cache({ env: { CLAUDE_CONFIG_DIR: join(folders.home, 'other') } });
    expect(variables(await cache.of(folders.project))).toEqual({ V1: 'other' });
  });

  test('a file that is no JSON does not count, the others do, and here it is told [CFG-1]', async () => {
    folders.write({
      'home/.claude/settings.json': { env: { V1: 'user' } },
      'project/.claude/settings.local.json': '{"env":\n  {"V2": "x"},}',
    });
    const snapshot = await folders.cache().of(folders.project);
    expect(variables(snapshot)).toEqual({ V1: 'user' });
    expect(snapshot.problems).toEqual([
      {
        file: join(folders.project, '.claude/settings.local.json'),
        scope: 'local',
        line: 2,
        column: 15,
        path: '',
        reason: 'is not JSON: no comma may stand before "}"',
        leftOut: 'file',
      },
    ]);
  });

  test('numbers and booleans in env are texts, a bad rule hurts nobody else, unknown keys neither [CFG-1]', async () => {
    folders.write({
      'home/.claude/settings.json': {
        includeCoAuthoredBy: false,
        apiKeyHelper: '/bin/false',
        env: { V1: 7, V2: false },
        permissions: { allow: ['Bash(make *)', 7, 'bar foo('] },
      },
    });
    const snapshot = await folders.cache().of(folders.project);
    expect([variables(snapshot), rules(snapshot)]).toEqual([
      { V1: '7', V2: 'false' },
      ['user allow Bash(make *)'],
    ]);
    expect(snapshot.problems.map(({ path }) => path)).toEqual([
      'permissions.allow[1]',
      'permissions.allow[2]',
    ]);
  });

  test('allowedTools of a .claude.json are no rules any more [CFG-1]', async () => {
    folders.write({
      'home/.claude.json': { projects: { [folders.project]: { allowedTools: ['Bash(make *)'] } } },
    });
    expect(rules(await folders.cache().of(folders.project))).toEqual([]);
  });
});
