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
  ] as const) {
    test(`where a disk takes it for the same: ${what}`, () => {
      expect(isGuardedName(name)).toBe(true);
    });
  }

  for (const name of ['git', '.gitignore', '.github', 'package.json', '.g\u00eft', '']) {
    test(`not where it is another: ${JSON.stringify(name)}`, () => {
      expect(isGuardedName(name)).toBe(false);
    });
  }
});
