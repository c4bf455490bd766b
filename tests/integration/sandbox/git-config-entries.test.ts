import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { gitConfigEntries } from '../../../middleware/platform/process/guarded/git-config-entries.ts';
import { createSandboxFixture, type SandboxFixture } from '../../support/sandbox-fixture.ts';

let fixture: SandboxFixture;

beforeEach(() => {
  fixture = createSandboxFixture();
});

afterEach(() => {
  fixture.remove();
});

/** What git itself reads; a setting without a value has no line behind its name. */
function readByGit(text: string): readonly (readonly string[])[] {
  const file = fixture.write('config', text);
  const out = execFileSync('git', ['config', '--file', file, '--list', '-z'], { encoding: 'utf8' });
  return out
    .split('\0')
    .filter((entry) => entry.includes('\n'))
    .map((entry) => [entry.slice(0, entry.indexOf('\n')), entry.slice(entry.indexOf('\n') + 1)]);
}

describe('a file of settings is read as git reads it', () => {
  for (const [what, text] of [
    ['the usual form', '[core]\n\tbare = false\n\thooksPath = .githooks\n'],
    ['no end of line', '[core]\nhooksPath=hooks'],
    ['a setting on the line of its section', '[core] hooksPath = hooks\n'],
    ['letters of any case', '[CORE]\nHooksPath = Hooks\n'],
    ['a subsection', '[filter "La.TeX \\"x\\""]\nclean = a %f\n'],
    ['a subsection behind a dot', '[Filter.Latex]\nclean = a\n'],
    ['quotes', '[core]\nhooksPath = "a b  " c "#d"\n'],
    ['quotes in the middle', '[core]\nhooksPath = a"b;c"d\n'],
    ['escapes', '[core]\na = x\\ty\\n\\"z\\"\\\\\n'],
    ['a line that goes on', '[alias]\nx = !a \\\n b\\\n c\ny = z\n'],
    ['comments', '# one\n[core] ; two\nhooksPath = a # three\n;four\nb = c;d\n'],
    ['ends of line of Windows', '[core]\r\nhooksPath = a b\r\nc = d\r\n'],
    ['a byte order mark', '\ufeff[core]\na = b\n'],
    ['a setting without a value', '[core]\nbare\na = b\n[x]\n  c\n'],
    ['an empty value', '[core]\na =\nb = ""\nc = d\n'],
    ['several on one line', '[core]a = b\n[x]c=d\n'],
  ] as const) {
    test(what, () => {
      const entries = gitConfigEntries(text).map(({ name, value }) => [name, value]);
      expect(entries).toEqual(readByGit(text));
    });
  }

  test('a line that git would refuse hides nothing behind it', () => {
    expect(gitConfigEntries('[core\n=\n[core]\n!\na = b\\q\nhooksPath = hooks\n')).toContainEqual({
      name: 'core.hookspath',
      value: 'hooks',
    });
  });
});
