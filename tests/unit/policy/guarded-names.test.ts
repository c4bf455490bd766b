import { describe, expect, test } from '@jest/globals';
import { isGuardedName } from '../../../middleware/kernel/is-guarded-name.ts';

describe('a name is guarded', () => {
  for (const name of [
    '.git',
    '.devcontainer',
    '.yarnrc.yml',
    '.zlogout',
    'lefthook.yml',
    'mise.toml',
    '.cargo',
    ...['.zed', '.helix', '.fleet', '.vim', '.dir-locals.el', 'shop.code-workspace'],
    ...['.gemini', '.qwen', '.opencode', 'opencode.json', '.windsurf', '.kiro', '.roo', '.aider.conf.yml'],
    ...['lefthook.toml', '.lefthook.jsonc', 'lefthook-local.yml', '.lefthook-local.json', '.overcommit.yml'],
    ...['mise', 'mise.dev.toml', '.mise.dev.local.toml', 'rust-toolchain', 'rust-toolchain.toml'],
    ...['.hg', '.jj', '.sl', '.bundle', '.pnpmfile.mjs'],
    ...['.irbrc', '.pryrc', '.Rprofile', '.Renviron', '.iex.exs', '.erlang', '.ghci', '.octaverc'],
  ]) {
    test(`by itself: ${name}`, () => {
      expect(isGuardedName(name)).toBe(true);
    });
  }

  for (const [what, name] of [
    ['another case', '.GIT'],
    ['the long s', '.v\u017fcode'],
    ['a ligature', '.gitcon\ufb01g'],
    ['the Kelvin sign', '.hus\u212ay'],
    ['a joiner that is not seen', '.g\u200cit'],
    ['a mark of direction and a byte order mark', '\u202a.git\ufeff'],
    ['a space at the end', '.git '],
    ['dots and spaces at the end', '.VSCode. . ..'],
    ['its index', '.git::$INDEX_ALLOCATION'],
    ['its content', '.npmrc::$DATA'],
    ['a space before a colon', '.git .:x'],
    ['the short name', 'GIT~1'],
    ['the short name of one with letters behind a dot', 'yarnrc~1.yml'],
    ['the short name of one with two dots', 'CLAUDE~2.JSO'],
    ['the short name with a dot at the end', 'git~1.'],
    ['dots at the end of a form', 'mise.dev.toml..'],
    ['the short name of one that was made', 'LEFTHO~1.TOM'],
    ['a separator of Windows', 'sub\\.git\\config'],
  ] as const) {
    test(`where a disk takes it for the same: ${what}`, () => {
      expect(isGuardedName(name)).toBe(true);
    });
  }

  for (const name of [
    ...['package.json', 'Makefile', '.gradle', '.venv', 'pnpm-workspace.yaml', '.tool-versions', '.nvmrc'],
    ...[
      '.editorconfig',
      '.gitattributes',
      'mise.toml.md',
      'mise.md',
      'misery.a.toml',
      'lefthook',
      'a.code-workspaces',
    ],
    ...['git', '.gitignore', '.github', '.g\u00eft', '', ' .git', 'git ', 'git.', 'git:'],
    ...['git~', 'git~10', 'git~1.x', 'foo~1', '~1', 'a:.git', '.git x', '..', '...', 'git~1~1'],
  ]) {
    test(`not where it is another: ${JSON.stringify(name)}`, () => {
      expect(isGuardedName(name)).toBe(false);
    });
  }
});
