import { describe, expect, test } from '@jest/globals';
import { parseShell } from '../../../middleware/platform/shell/walk/parse-shell.ts';
import type { ShellCommand, ShellWord } from '../../../middleware/platform/shell/shell-command.ts';

const start = { directories: ['/work'], home: '/home/me' };

function commandsOf(source: string): readonly ShellCommand[] {
  const parsed = parseShell(source, start);
  if (!parsed.parsed) throw new Error(parsed.reason);
  return parsed.commands;
}

/** `<variable>` for what is not known, `~pattern` for what becomes file names. */
function shown({ value, unknown, pattern }: ShellWord): string {
  if (unknown !== undefined) return `<${unknown}>`;
  return pattern === undefined ? (value ?? '') : `~${pattern}`;
}

const wordsOf = (source: string) => commandsOf(source).map(({ words }) => words.map(shown));

describe('the words of a command', () => {
  test.each([
    ['a b  c', [['a', 'b', 'c']]],
    ['a "b c" \'d e\' f\\ g', [['a', 'b c', 'd e', 'f g']]],
    ['a $\'x\\ty\' $"z"', [['a', 'x\ty', 'z']]],
    ['a "" \'\' b', [['a', '', '', 'b']]],
    ['a ~ ~/b "~/c" \\~/d x=~/e', [['a', '/home/me', '/home/me/b', '~/c', '~/d', 'x=/home/me/e']]],
    ['a $HOME/b "$PWD"', [['a', '/home/me/b', '/work']]],
    ['a ~other/b', [['a', '<expansion>']]],
    ['a $x ${x} "$x" $1 $@', [['a', '<variable>', '<variable>', '<variable>', '<variable>', '<variable>']]],
    ['a $? $# $$ ${#x} $((1 + 2))', [['a', '<number>', '<number>', '<number>', '<number>', '<number>']]],
    ['a $((x)) ${x%y} ${!x} ${x[0]}', [['a', '<variable>', '<variable>', '<variable>', '<variable>']]],
    ['a *.c "*".c \\*.c [ab]? "a"*', [['a', '~*.c', '*.c', '*.c', '~[ab]?', '~a*']]],
    [
      'a {b,c}d {1..3} {c..a} {x,{y,z}} "{n}"',
      [['a', 'bd', 'cd', '1', '2', '3', 'c', 'b', 'a', 'x', 'y', 'z', '{n}']],
    ],
    ['a {,b} {"c d",e}', [['a', 'b', 'c d', 'e']]],
    ['a {1..100000}', [['a', '<expansion>']]],
    ['a !(b)', [['a', '<expansion>']]],
    ['a \\\n b', [['a', 'b']]],
    ['a # b', [['a']]],
    ['a $(b) c', [['b'], ['a', '<substitution>', 'c']]],
    [
      'a `b c`',
      [
        ['b', 'c'],
        ['a', '<substitution>'],
      ],
    ],
    ['a <(b)', [['b'], ['a', '<process-substitution>']]],
  ])('%j [SEC-1]', (source, words) => {
    expect(wordsOf(source)).toEqual(words);
  });
});

describe('variables', () => {
  const last = (source: string) => wordsOf(source).filter(([name]) => name === 'show');

  test.each([
    ['x=a; show $x', [['show', 'a']]],
    ['x=a\nx=b\nshow $x', [['show', 'b']]],
    ['x=a; x+=b; show $x', [['show', 'ab']]],
    ['x="a  b"; show $x "$x"', [['show', 'a', 'b', 'a  b']]],
    ['x=" a "; show 1$x"2"', [['show', '1', 'a', '2']]],
    ['x=; show $x "$x"', [['show', '']]],
    ['x="*"; show $x "$x"', [['show', '~*', '*']]],
    ['x=a y=$x; show $y', [['show', 'a']]],
    ['x=a show $x', [['show', '<variable>']]],
    ['export x=a; show $x', [['show', 'a']]],
    ['declare -i x=a; show $x', [['show', '<variable>']]],
    ['x=a; unset x; show $x', [['show', '<variable>']]],
    ['x=a; read x; show $x', [['show', '<variable>']]],
    ['x=a; printf -v x b; show $x', [['show', '<variable>']]],
    ['x=a; ((x++)); show $x', [['show', '<variable>']]],
    ['x=$(b); show $x', [['show', '<variable>']]],
    ['x=(a b); show $x', [['show', '<variable>']]],
    [
      'x=a; eval y; show $x',
      [
        ['show', 'a'],
        ['show', '<variable>'],
      ],
    ],
    ['(x=a); show $x', [['show', '<variable>']]],
    ['x=a | b; show $x', [['show', '<variable>']]],
    [
      'x=a; (x=b; show $x); show $x',
      [
        ['show', 'b'],
        ['show', 'a'],
      ],
    ],
    [
      'if c; then x=a; else x=b; fi; show $x',
      [
        ['show', 'a'],
        ['show', 'b'],
      ],
    ],
    [
      'x=a; c && x=b; show $x',
      [
        ['show', 'b'],
        ['show', 'a'],
      ],
    ],
    [
      'for x in a b; do show $x; done',
      [
        ['show', 'a'],
        ['show', 'b'],
        ['show', '<loop-variable>'],
      ],
    ],
    [
      'x=a; while c; do show $x; x=b; done',
      [
        ['show', 'a'],
        ['show', 'b'],
      ],
    ],
    [
      'x=a; case c in d) x=b;; esac; show $x',
      [
        ['show', 'a'],
        ['show', 'b'],
      ],
    ],
    [
      'x=a; IFS=:; show $x "$x"',
      [
        ['show', 'a', 'a'],
        ['show', '<variable>', 'a'],
      ],
    ],
    [
      'show ${x:-a}',
      [
        ['show', 'a'],
        ['show', '<variable>'],
      ],
    ],
    [
      'x=a; show ${x:-b} ${x:+c}',
      [
        ['show', 'a'],
        ['show', 'a', 'c'],
        ['show', 'b'],
        ['show', 'b', 'c'],
      ],
    ],
  ])('%j [SEC-1]', (source, words) => {
    const bySource = (one: readonly string[], other: readonly string[]) =>
      one.join().localeCompare(other.join());
    expect([...last(source)].sort(bySource)).toEqual([...words].sort(bySource));
  });
});

describe('folders', () => {
  const places = (source: string) =>
    commandsOf(source)
      .filter(({ words }) => words[0]?.value === 'show')
      .map(({ directories }) => [...directories.values].sort().join(' ') + (directories.open ? ' …' : ''));

  test.each([
    ['show', ['/work']],
    ['cd a && show', ['/work/a']],
    ['cd a; show', ['/work /work/a']],
    ['cd a || show', ['/work']],
    ['cd a || exit; show', ['/work /work/a']],
    ['cd a && cd ../b && show', ['/work/b']],
    ['cd /x && show', ['/x']],
    ['cd && show', ['/home/me']],
    ['cd ~/a && show', ['/home/me/a']],
    ['x=a; cd $x && show', ['/work/a']],
    ['cd $x && show', ['/work …']],
    ['cd - && show', ['/work …']],
    ['cd a && cd - && show', ['/work /work/a …']],
    ['cd $x; cd /x && show', ['/x']],
    ['(cd a && show); show', ['/work/a', '/work']],
    ['cd a | show; show', ['/work', '/work']],
    ['{ cd a; } && show', ['/work/a']],
    ['if cd a; then show; else show; fi', ['/work/a', '/work']],
    ['! cd a || show', ['/work/a']],
    ['command cd a && show', ['/work/a']],
    ['pushd a && popd && show', ['/work /work/a …']],
    ['source x && show', ['/work …']],
    ['while c; do cd a; done; show', ['/work /work/a /work/a/a …']],
  ])('%j [SEC-1]', (source, directories) => {
    expect(places(source)).toEqual(directories);
  });
});

describe('what a command stands in', () => {
  test.each([
    ['a', []],
    ['a && b | c', ['pipeline']],
    ['(c)', ['subshell']],
    ['{ c; }', ['group']],
    ['f() { c; }', ['function', 'group']],
    ['c &', ['background']],
    ['a && c &', ['background']],
    ['for i in 1; do c; done', ['loop']],
    ['while c; do a; done', ['loop']],
    ['if a; then c; fi', ['branch']],
    ['case a in b) c;; esac', ['branch']],
    ['coproc c', ['coprocess']],
    ['a "$(c)"', ['substitution']],
    ['a <(c | b)', ['process-substitution', 'pipeline']],
    ['for i in $(c); do a; done', ['substitution']],
    ['[[ -n $(c) ]]', ['substitution']],
    ['a <<E\n$(c)\nE', ['substitution']],
  ])('%j [SEC-1]', (source, within) => {
    const names = commandsOf(source).filter(
      ({ words }) => words[0]?.value === (within.length > 0 ? 'c' : 'a'),
    );
    expect(names.map((command) => command.within)).toEqual([within]);
  });
});

test('redirections tell what they open [SEC-1]', () => {
  const redirects = (source: string) =>
    commandsOf(source).flatMap((command) =>
      command.redirects.map(({ kind, target }) => [kind, target === undefined ? '' : shown(target)]),
    );
  expect(redirects('a <b >c >>d 2>e &>f >|g <>h >&i')).toEqual([
    ['read', 'b'],
    ['write', 'c'],
    ['write', 'd'],
    ['write', 'e'],
    ['write', 'f'],
    ['write', 'g'],
    ['read-write', 'h'],
    ['write', 'i'],
  ]);
  expect(redirects('a 2>&1 >&2 <&- <<<b')).toEqual([
    ['descriptor', '1'],
    ['descriptor', '2'],
    ['descriptor', '-'],
    ['text', 'b'],
  ]);
  expect(redirects('{ a; } > b')).toEqual([['write', 'b']]);
  expect(redirects('x=b; a > $x.txt')).toEqual([['write', 'b.txt']]);
});

test('a here-document says whether it runs commands [SEC-1]', () => {
  const runs = (source: string) =>
    commandsOf(source).flatMap(({ redirects }) => redirects.map((one) => one.runsCommands));
  expect(runs('a <<E\n$(b) $x\nE')).toEqual([true]);
  expect(runs('a <<E\n`b`\nE')).toEqual([true]);
  expect(runs('a <<E\n$x\nE')).toEqual([false]);
  expect(runs("a <<'E'\n$(b)\nE")).toEqual([false]);
});

test.each(['if a', 'a "b', 'a )', '{ a', 'a |', 'a $(b', '<&-a b', 'a >&-b', 'a\0b'])(
  '%j is not parsed [SEC-1]',
  (source) => {
    expect(parseShell(source, start)).toEqual({ parsed: false, reason: expect.any(String) as unknown });
  },
);

test.each([
  ['length', `a ${'b '.repeat(60_000)}`],
  ['commands', 'a;'.repeat(4_000)],
  ['words', `a ${'b '.repeat(20_000)}`],
  ['depth', `${'('.repeat(300)}a${')'.repeat(300)}`],
])('a line of too much %s is not parsed [SEC-1]', (_what, source) => {
  expect(parseShell(source, start)).toEqual({ parsed: false, reason: expect.any(String) as unknown });
});
