import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expandGlob } from '../../../middleware/platform/shell/expand-glob.ts';
import { parseShell } from '../../../middleware/platform/shell/walk/parse-shell.ts';
import type { ShellCommand } from '../../../middleware/platform/shell/shell-command.ts';

const home = '/home/me';
const files = ['a.txt', 'b.txt', 'c[1].txt', '.hidden', 'sub/a.txt', 'sub/.env', 'sub2/b.txt', 'x y', 'Z'];
let root: string;

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'bash-')));
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), '');
  }
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** The folder and the arguments of each call of `show` that a real bash makes. */
function inBash(source: string): readonly (readonly string[])[] {
  const script = `show() { printf '%s\\0' "$PWD" "$@"; printf '\\1'; }\n${source}`;
  const output = execFileSync('bash', ['--norc', '--noprofile', '-c', script], {
    cwd: root,
    env: { HOME: home, PATH: process.env['PATH'] },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return output
    .split('\x01')
    .slice(0, -1)
    .map((call) => call.split('\0').slice(0, -1));
}

/** The same as the parser finds it, for each folder in which it may be. */
function inParser(source: string): readonly (readonly string[])[] {
  const parsed = parseShell(source, { directories: [root], home });
  if (!parsed.parsed) throw new Error(parsed.reason);
  return parsed.commands
    .filter(({ words }) => words[0]?.value === 'show' && words.every(({ unknown }) => unknown === undefined))
    .flatMap((command) =>
      command.directories.values.map((folder) => [folder, ...argumentsIn(folder, command)]),
    );
}

function argumentsIn(folder: string, { words }: ShellCommand): readonly string[] {
  return words.slice(1).flatMap(({ value = '', pattern }) => {
    const names =
      pattern === undefined ? [] : expandGlob(pattern, folder).map((path) => relative(folder, path));
    return names.length === 0 ? [value] : names.sort();
  });
}

describe('the parser tells what a real bash does', () => {
  test.each([
    'show a "b c" \'d  e\' f\\ g "h\\"i" \'j\'"k"l $\'m\\tn\\x41\' "" \'\'',
    'show ~ ~/a "~/a" \\~ x=~/b a~ $HOME "$HOME/c"',
    'show {a,b}{c,d} {1..5} {5..1..2} {x,{y,z}}1 {a} {a,} "{a,b}" {a,"b c"} {a..e} a{,b}c {~/a,b}',
    'x=1; show $x; x=2 show; show $x',
    'x="a b  c"; show $x "$x" 1$x"2" ${x}',
    'x=" a "; show $x 1$x 1$x"2"; y=; show $y "$y" 1$y',
    'x=a; x+=b; x+=" c"; show $x',
    'a=sh; b=ow; $a$b 1; "$a$b" 2; s""how 3; s\\how 4; {show,5} 6',
    'show *.txt *.none "*.txt" \\*.txt ?.txt [ab].txt [!a].txt [[:upper:]] [a-b]*',
    'show * .h* */*.txt sub/.e* sub?/* s*/a.* c\\[1\\]* "c["* x*y',
    'p="*.txt"; show $p "$p"; d=sub; show $d/*.txt "$d"/.e*',
    'cd sub && show *; show; cd .. && show',
    '(cd sub && show); show; { cd sub2; } && show',
    'show a > /dev/null; show b 2> /dev/null; show c < a.txt',
    'show a && show b || show c; show d | cat >&1; ! show e; show f &\nwait',
    'if show a; then show b; else show c; fi',
    'case x in a) show a;; x) show b;; esac',
    'show "a\nb" c\\\nd \\\n e # f\nshow g',
    'show a <<E\nb $(c)\nE\nshow d <<"E"\ne\nE',
    "show 'a'\\''b' \"a'b\" a#b 'a # b'",
    'export x=a; declare y=b; show $x $y',
    'show ${z:-a} ${z-b}',
    'eval() { :; }; function f { show in; }; f; show out',
    'for i in 1; do show loop; done; while show a; do show b; break; done',
    '[[ a == a ]] && show a; [ a = b ] || show b; ((1)) && show c',
    'time show a; command show b; builtin echo > /dev/null; show "$PWD"',
  ])('%j [SEC-1]', (source) => {
    const found = inParser(source);
    expect(inBash(source).filter((call) => !found.some((one) => one.join('\0') === call.join('\0')))).toEqual(
      [],
    );
  });

  test.each([
    'show a "b c" \'d  e\' f\\ g "h\\"i" \'j\'"k"l $\'m\\tn\\x41\' "" \'\'',
    'x="a b  c"; show $x "$x" 1$x"2"; x=" a "; show $x 1$x 1$x"2"; y=; show $y "$y" 1$y',
    'show {a,b}{c,d} {1..5} {5..1..2} {x,{y,z}}1 {a} {a,} "{a,b}" {a,"b c"}',
    'show * .[!.]* */*.txt sub/.e* [!a].txt *.none',
    '(cd sub && show *); { cd sub2 && show; }',
  ])('and nothing else: %j [SEC-1]', (source) => {
    expect(inParser(source)).toEqual(inBash(source));
  });
});
