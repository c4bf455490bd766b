import { describe, expect, test } from '@jest/globals';
import { enterpriseFolders } from '../../../middleware/platform/config/scopes/folders/enterprise-folders.ts';
import { settingsFiles } from '../../../middleware/platform/config/scopes/settings-files.ts';
import {
  claudeJsonFile,
  userFolders,
} from '../../../middleware/platform/config/scopes/folders/user-folders.ts';

const enterprise = enterpriseFolders('linux').map((place) => ({ ...place, dropIns: [] as string[] }));
const user = userFolders('/home/me', {});
const places = { workspace: '/work/app', gitRoot: '/work', user, enterprise, cli: [] };

describe('settingsFiles', () => {
  test('the strongest comes first: enterprise, command line, local, project, user; ours, .claude, .codex [CFG-1]', () => {
    const files = settingsFiles({
      ...places,
      cli: [
        { file: '/first.json', inline: undefined },
        { file: 'command line', inline: { model: 'm' } },
      ],
    });
    expect(files.map(({ scope, file, baseDir }) => `${scope} ${file} ${baseDir}`)).toEqual([
      'enterprise /etc/codex-plus/managed-settings.json /etc/codex-plus',
      'enterprise /etc/claude-code/managed-settings.json /etc/claude-code',
      'cli command line /work/app',
      'cli /first.json /work/app',
      'local /work/app/.codexplus/settings.local.json /work/app',
      'local /work/app/.claude/settings.local.json /work/app',
      'local /work/app/.codex/settings.local.json /work/app',
      'local /work/.claude/settings.local.json /work',
      'project /work/app/.codexplus/settings.json /work/app',
      'project /work/app/.claude/settings.json /work/app',
      'project /work/app/.codex/settings.json /work/app',
      'user /home/me/.codexplus/settings.json /home/me/.codexplus',
      'user /home/me/.claude/settings.json /home/me/.claude',
      'user /home/me/.codex/settings.json /home/me/.codex',
    ]);
  });

  test('of managed-settings.d the later name is the stronger, all are stronger than managed-settings.json [CFG-1]', () => {
    const dropIns = ['.hidden.json', '10-a.json', '20-b.json', 'readme.md'];
    const files = settingsFiles({
      ...places,
      enterprise: [{ folder: '/etc/claude-code', family: 'claude', dropIns }],
    });
    expect(files.filter(({ scope }) => scope === 'enterprise').map(({ file }) => file)).toEqual([
      '/etc/claude-code/managed-settings.d/20-b.json',
      '/etc/claude-code/managed-settings.d/10-a.json',
      '/etc/claude-code/managed-settings.json',
    ]);
  });

  test('only .codex files give way, each to the .claude file beside it [CFG-1]', () => {
    const giveWay = settingsFiles(places).flatMap(({ file, unless }) =>
      unless === undefined ? [] : [`${file} to ${unless}`],
    );
    expect(giveWay).toEqual([
      '/work/app/.codex/settings.local.json to /work/app/.claude/settings.local.json',
      '/work/app/.codex/settings.json to /work/app/.claude/settings.json',
      '/home/me/.codex/settings.json to /home/me/.claude/settings.json',
    ]);
  });

  test("in the home folder the settings are the user's; in the git root there is one local file [CFG-1]", () => {
    const files = settingsFiles({ ...places, workspace: '/home/me', gitRoot: '/home/me' });
    expect(files.filter(({ scope }) => scope === 'project')).toEqual([]);
    expect(files.filter(({ scope, family }) => scope === 'local' && family === 'claude')).toHaveLength(1);
  });
});

describe('userFolders', () => {
  test('CLAUDE_CONFIG_DIR and CODEX_HOME move a folder, empty ones do not, as in Claude Code 2.1.329 [CFG-1]', () => {
    const env = { CLAUDE_CONFIG_DIR: '/elsewhere/claude', CODEX_HOME: 'codex' };
    expect(userFolders('/home/me', env)).toEqual({
      codexplus: '/home/me/.codexplus',
      claude: '/elsewhere/claude',
      codex: '/home/me/codex',
    });
    expect(userFolders('/home/me', { CLAUDE_CONFIG_DIR: '', CODEX_HOME: ' ' })).toEqual(user);
    expect(claudeJsonFile('/home/me', env)).toBe('/elsewhere/claude/.claude.json');
    expect(claudeJsonFile('/home/me', {})).toBe('/home/me/.claude.json');
  });
});

describe('enterpriseFolders', () => {
  for (const [platform, codexplus, claude] of [
    ['linux', '/etc/codex-plus', '/etc/claude-code'],
    ['darwin', '/Library/Application Support/CodexPlus', '/Library/Application Support/ClaudeCode'],
    ['win32', 'C:\\Program Files\\CodexPlus', 'C:\\Program Files\\ClaudeCode'],
  ] as const) {
    test(`on ${platform} they are where the documentation of Claude Code has its own [CFG-1]`, () => {
      expect(enterpriseFolders(platform)).toEqual([
        { folder: codexplus, family: 'codexplus' },
        { folder: claude, family: 'claude' },
      ]);
    });
  }
});
