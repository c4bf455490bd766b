import { describe, expect, test } from '@jest/globals';
import { plus } from '../../../middleware/features/built-ins/plus.ts';
import { builtInContext, snapshotWith, sourceIn } from '../../support/built-in-context.ts';
import { hooksOf } from '../../support/made-up-hooks.ts';
import { commandWith } from '../commands/command-fixture.ts';

describe('/plus', () => {
  test('status: what each file brings, what is in force, what does not count and why [CFG-3] [CMD-4]', async () => {
    const project = sourceIn('project');
    const commands = '/home/ada/shop/.claude/commands';
    const snapshot = snapshotWith({
      settings: [
        { source: sourceIn('enterprise'), settings: { permissions: { deny: ['Read(./.env)'] } } },
        {
          source: project,
          settings: {
            model: '${MODEL}',
            env: { A: '1' },
            permissions: { defaultMode: 'bypassPermissions', allow: ['Bash(git *)', 'Edit'] },
            hooks: { Stop: [{ hooks: [{ type: 'command', command: 'a' }] }] },
          },
        },
        { source: sourceIn('user'), settings: { model: 'sonnet', disableAllHooks: true } },
      ],
      mcpServers: [{ source: sourceIn('user', '../.claude.json'), servers: { git: { command: 'g' } } }],
      commandFolders: [{ folder: commands, kind: 'commands', source: { ...project, file: commands } }],
      problems: [
        {
          file: '/home/ada/shop/.claude/settings.local.json',
          scope: 'local',
          line: 3,
          column: 7,
          path: '',
          reason: 'is not JSON',
          leftOut: 'file',
        },
        {
          file: '/home/ada/.claude/settings.json',
          scope: 'user',
          line: undefined,
          column: undefined,
          path: 'permissions.allow[1]',
          reason: 'must be a string',
          leftOut: 'entry',
        },
      ],
    });
    const listed = ['fix', 'a:b'].map((name) =>
      commandWith({ name, source: { ...project, file: `${commands}/${name.replace(':', '/')}.md` } }),
    );
    const entries = hooksOf(snapshot.settings.hooks[0]?.value, project);
    expect(await plus('status', builtInContext({ snapshot, listed, entries }))).toBe(
      [
        '## Configuration of `/home/ada/shop`\n',
        '- enterprise, `/etc/claude/settings.json`: 1 rule',
        '- project, `.claude/settings.json`: 1 variable, 1 setting, 2 rules, 1 hook',
        '- project, `.claude/commands`: 2 commands',
        '- user, `~/.claude/settings.json`: 1 setting',
        '- user, `~/.claude.json`: 1 MCP server\n',
        '### In force\n',
        '- Model: `${MODEL}` (project, `.claude/settings.json`)',
        '- All hooks switched off: `true` (user, `~/.claude/settings.json`)\n',
        '### Not counted, by policy\n',
        '- `permissions.defaultMode` (project, `.claude/settings.json`): a file in the project cannot switch permissions off\n',
        '### Problems\n',
        '- `.claude/settings.local.json:3:7` is not JSON; what the file said before counts',
        '- `~/.claude/settings.json` `permissions.allow[1]` must be a string; the rest of the file counts\n',
        '`/config list` shows every value.\n',
      ].join('\n'),
    );
  });

  test('status: where nothing is configured, it says so [CFG-3]', async () => {
    expect(await plus('', builtInContext())).toBe(
      '## Configuration of `/home/ada/shop`\n\nNothing is configured here.\n\n`/config list` shows every value.\n',
    );
  });

  test('init: what to run in a terminal, also where no folder is known [CMD-4]', async () => {
    expect(await plus('init', builtInContext({ snapshot: undefined }))).toMatch(
      /^Set-up changes files of yours[\s\S]*```sh\ncodex-plus init [\s\S]*codex-plus uninstall [\s\S]*```\n$/,
    );
  });
});
