import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expandGlob } from '../../../middleware/platform/shell/expand-glob.ts';

let root: string;

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'glob-')));
  mkdirSync(join(root, 'sub'));
  for (const name of ['a.c', 'b.c', '.env', 'a+b', 'x]', 'sub/.env', 'sub/d.c'])
    writeFileSync(join(root, name), '');
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

test.each([
  ['*.c', ['a.c', 'b.c']],
  ['*', ['a+b', 'a.c', 'b.c', 'sub', 'x]']],
  ['.e*', ['.env']],
  ['.en[uv]', ['.env']],
  ['?.c', ['a.c', 'b.c']],
  ['[!a].c', ['b.c']],
  ['[^a].c', ['b.c']],
  ['[[:alpha:]].c', ['a.c', 'b.c']],
  ['[]x]*', ['x]']],
  ['a[+-]b', ['a+b']],
  ['a\\*', ['a*']],
  ['*/*.c', ['sub/d.c']],
  ['sub/*', ['sub/d.c']],
  ['[z-a]', []],
  ['none/*', []],
  ['a.c/*', []],
  ['*b*.*', ['b.c']],
  ['*.c*', ['a.c', 'b.c']],
  ['a*+*b', ['a+b']],
  ['*[a]*.c', ['a.c']],
  ['?'.repeat(300), []],
])('%s names %j [SEC-1]', (pattern, names) => {
  const found = expandGlob(pattern, root).map((path) => relative(root, path));
  expect(found.sort()).toEqual(names);
});

test('an absolute pattern starts at the root [SEC-1]', () => {
  expect(expandGlob(`${root}/*.c`, '/')).toEqual([join(root, 'a.c'), join(root, 'b.c')]);
});

test('a name that is made for it does not make a pattern slow', () => {
  const name = 'a'.repeat(250);
  writeFileSync(join(root, 'sub', name), '');
  expect(expandGlob(`sub/${'*a'.repeat(20)}*b`, root)).toEqual([]);
  expect(expandGlob(`sub/${'*a'.repeat(20)}*`, root)).toEqual([join(root, 'sub', name)]);
  rmSync(join(root, 'sub', name));
});
