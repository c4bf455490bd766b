import { afterAll, describe, expect, test } from '@jest/globals';
import { growsLinearly } from '../../support/grows-linearly.ts';
import { makePolicyPlace } from '../../support/made-up-policy.ts';

const place = makePolicyPlace({ 'project/.env': 'S=1', 'project/sub/a': 'a' });
afterAll(place.remove);

const numbered = (make: (index: number) => string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => make(index));
const settings = {
  deny: [...numbered((at) => `Bash(rm${at}:*)`, 50), ...numbered((at) => `Read(./secret${at}/**)`, 25)],
  ask: numbered((at) => `Bash(* --x${at} *)`, 25),
  allow: ['Bash(git status:*)'],
};
const decide = (line: string): string => place.shell(settings, line);

/** Lines of a hundred rules that grow in one way each. */
const lines: Readonly<Record<string, (size: number) => string>> = {
  'a long word': (size) => `echo ${'a'.repeat(size * 10)}`,
  'quoted pieces': (size) => `echo ${`"a"'b'`.repeat(size)}`,
  escapes: (size) => `echo ${'\\a'.repeat(size)}`,
  words: (size) => `cat ${'ab '.repeat(size)}`,
  'options with files': (size) => `tar ${'-f a '.repeat(size)}`,
  'letters of options': (size) => `grep -${'n'.repeat(size)} a b`,
  'long options': (size) => `git log ${'--one=a '.repeat(size)}`,
  pipes: (size) => `ls${' | cat'.repeat(size)}`,
  lines: (size) => 'ls a\n'.repeat(size),
  'nested substitutions': (size) => `echo ${'$('.repeat(size / 16)}ls${')'.repeat(size / 16)}`,
  'nested branches': (size) => `${'if a; then '.repeat(size / 16)}ls${'; fi'.repeat(size / 16)}`,
  'one variable again and again': (size) => `${'a=$a; '.repeat(size)}echo $a`,
  'assignments in front': (size) => `${'a=b '.repeat(size)}ls`,
  'here-documents': (size) => 'cat <<E\na\nE\n'.repeat(size),
  'a long here-document': (size) => `cat <<E\n${'$(ls) a\n'.repeat(size)}E\n`,
  braces: (size) => `echo ${'{a,b} '.repeat(size)}`,
  'choices of a brace': (size) => `echo {${'a,'.repeat(size)}b}`,
  'open braces': (size) => `echo ${'{'.repeat(size)}`,
  patterns: (size) => `cat ${'*.x '.repeat(size / 4)}`,
  'a long pattern': (size) => `cat ${'*a'.repeat(size)}`,
  redirections: (size) => `ls${' > a'.repeat(size)}`,
  starters: (size) => `ssh ${'a '.repeat(size)}`,
  'actions of find': (size) => `find . ${'-exec ls {} \\; '.repeat(size / 4)}`,
  'files of curl': (size) => `curl ${'-d @a '.repeat(size)}`,
};

describe('a decision about a shell line takes as long as it is', () => {
  test.each(Object.keys(lines))('%s', (kind) => growsLinearly(lines[kind] ?? String, decide, 128, 32));
});

describe('a line that is made to be slow or to break the reader comes to a decision', () => {
  test.each([
    ['nested braces', `echo ${'{a,'.repeat(12_800)}b${'}'.repeat(12_800)}`],
    ['a long sum', `echo $((${'1+'.repeat(40_000)}1))`],
    ['nested sums', `echo $((${'('.repeat(40_000)}1${')'.repeat(40_000)}))`],
    ['nested substitutions', `echo ${'$('.repeat(30_000)}ls${')'.repeat(30_000)}`],
    ['nested parameters', `echo ${'${a:-'.repeat(15_000)}b${'}'.repeat(15_000)}`],
    ['nested tests', `[[ ${'( '.repeat(20_000)}a${' )'.repeat(20_000)} ]]`],
    ['a long pattern', `cat ${'*a'.repeat(40_000)}`],
  ])('%s [SEC-1]', (_kind, line) => {
    expect(place.shell({ deny: ['Bash(rm:*)'] }, line, { mode: 'bypassPermissions' })).toMatch(
      /^(?:ask|allow)$/,
    );
    expect(place.shell({ allow: ['Bash(git status:*)'] }, line)).toMatch(/^(?:ask|none|allow)$/);
  });

  test('what is nested too deeply to be read is a question where a rule denies [SEC-1]', () => {
    const line = `echo $((${'1+'.repeat(40_000)}1)); rm x`;
    expect(place.shell({ deny: ['Bash(rm:*)'] }, line, { mode: 'bypassPermissions' })).toBe('ask');
  });
});
