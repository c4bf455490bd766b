import { expect, test } from '@jest/globals';
import { commandFolders } from '../../../middleware/platform/config/scopes/folders/command-folders.ts';
import { enterpriseFolders } from '../../../middleware/platform/config/scopes/folders/enterprise-folders.ts';
import { userFolders } from '../../../middleware/platform/config/scopes/folders/user-folders.ts';

test("the user's folders come before the project's and the nearer before the farther, as in Claude Code 2.1.329 [CMD-1]", () => {
  const folders = commandFolders('/work/app', userFolders('/home/me', {}), enterpriseFolders('linux'));
  expect(
    folders
      .filter(({ kind }) => kind === 'commands')
      .map(({ folder, source }) => `${source.scope} ${folder}`),
  ).toEqual([
    'enterprise /etc/codex-plus/commands',
    'user /home/me/.codexplus/commands',
    'user /home/me/.claude/commands',
    'user /home/me/.codex/commands',
    'project /work/app/.codexplus/commands',
    'project /work/app/.claude/commands',
    'project /work/app/.codex/commands',
    'project /work/.codexplus/commands',
    'project /work/.claude/commands',
    'project /work/.codex/commands',
    'project /.codexplus/commands',
    'project /.claude/commands',
    'project /.codex/commands',
  ]);
  const skills = folders.filter(({ kind }) => kind === 'skills');
  expect(skills).toHaveLength(8);
  expect(skills.every(({ source }) => source.family !== 'codex')).toBe(true);
});

test("the home folder above a workspace is the user's and no project's [CMD-1]", () => {
  const folders = commandFolders('/home/me/app', userFolders('/home/me', {}), []);
  expect(folders.filter(({ folder }) => folder === '/home/me/.claude/commands')).toEqual([
    {
      folder: '/home/me/.claude/commands',
      kind: 'commands',
      source: {
        scope: 'user',
        family: 'claude',
        file: '/home/me/.claude/commands',
        baseDir: '/home/me/.claude',
      },
    },
  ]);
});
