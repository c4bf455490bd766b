import { describe, expect, test } from '@jest/globals';
import type { Scope } from '../../../middleware/kernel/config-source.ts';
import { resolveNames } from '../../../middleware/features/commands/find/resolve-names.ts';

const folderOf = (scope: Scope, ...files: readonly string[]) => ({
  source: { scope, family: 'claude', file: `/${scope}`, baseDir: `/${scope}` } as const,
  files: files.map((file) => {
    const parts = file.replace(/\.\w+$/, '').split('/');
    const kind = file.endsWith('.js') ? 'javascript' : file.endsWith('.skill') ? 'skill' : 'markdown';
    return {
      name: parts.join(':'),
      namespace: parts.slice(0, -1).join(':'),
      kind,
      file: `/${scope}/${file}`,
    } as const;
  }),
});
const filesOf = (names: ReadonlyMap<string, { readonly source: { readonly file: string } }>) =>
  Object.fromEntries([...names].map(([name, { source }]) => [name, source.file]));

describe('resolveNames', () => {
  test('the earlier folder wins, a skill over that, the enterprise over all [CMD-1]', () => {
    const { byName } = resolveNames([
      folderOf('enterprise', 'a.md'),
      folderOf('user', 'a.skill', 'b.md', 'c.md', 'd.js', 'd.md'),
      folderOf('project', 'b.skill', 'c.md', 'e.md'),
    ]);
    expect(filesOf(byName)).toEqual({
      a: '/enterprise/a.md',
      b: '/project/b.skill',
      c: '/user/c.md',
      d: '/user/d.md',
      e: '/project/e.md',
    });
  });

  test('a name with a space can be called by nobody, and is no command [CMD-1]', () => {
    const { byName, byBareName } = resolveNames([folderOf('user', 'a b.md', 'x y/c.md', 'd.md')]);
    expect([[...byName.keys()], [...byBareName.keys()]]).toEqual([['d'], []]);
  });

  test('a bare name counts where one command has it and none is called so [CMD-1]', () => {
    const { byBareName, byName } = resolveNames([
      folderOf('user', 'x/one.md', 'x/two.md', 'three.md'),
      folderOf('project', 'x/one.md', 'y/two.md', 'z/three.md', 'p/q/four.md'),
    ]);
    expect(filesOf(byBareName)).toEqual({ one: '/user/x/one.md', four: '/project/p/q/four.md' });
    expect([...byName.values()].filter(({ bareName }) => bareName !== undefined)).toEqual([
      ...byBareName.values(),
    ]);
  });
});
