import { afterAll, describe, expect, test } from '@jest/globals';
import { makePolicyPlace } from '../../support/made-up-policy.ts';

const place = makePolicyPlace({});
afterAll(place.remove);

const code = "'a[$(rm x)]'";
const allow = ['Bash(read:*)', 'Bash(export:*)', 'Bash(declare:*)', 'Bash(printf:*)', 'Bash(mapfile:*)'];

/** Every way in which a line can give a variable a value. */
const setters: readonly (readonly [string, (name: string, value: string) => string])[] = [
  ['an assignment', (name, value) => `${name}=${value}`],
  ['for', (name, value) => `for ${name} in ${value}; do true; done`],
  ['select', (name, value) => `select ${name} in ${value}; do break; done`],
  ['read', (name, value) => `read ${name} <<< ${value}`],
  ['read -a', (name, value) => `read -a ${name} <<< ${value}`],
  ['mapfile', (name, value) => `mapfile -t ${name} <<< ${value}`],
  ['export', (name, value) => `export ${name}=${value}`],
  ['declare', (name, value) => `declare "${name}"=${value}`],
  ['printf -v', (name, value) => `printf -v ${name} %s ${value}`],
  ['a default', (name, value) => `: \${${name}:=${value}}`],
];

describe('whatever sets it, a variable of the shell itself', () => {
  test.each(setters)('is evaluated when it is an integer: %s [SEC-1]', (_what, line) => {
    for (const name of ['RANDOM', 'SRANDOM', 'OPTIND', 'HISTCMD', 'SECONDS', 'TMOUT', 'COLUMNS']) {
      expect(place.shell({ deny: ['Bash(rm:*)'] }, line(name, code))).toBe('ask');
      expect(place.shell({ allow }, line(name, code))).not.toBe('allow');
    }
  });

  test.each(setters)('may hold code or a place for it: %s [SEC-1]', (_what, line) => {
    for (const name of [
      'PROMPT_COMMAND',
      'BASH_ENV',
      'BASH_CMDS',
      'BASH_ALIASES',
      'path',
      'fpath',
      'commands',
    ])
      expect(place.shell({ deny: ['Bash(rm:*)'] }, line(name, './x'))).toBe('ask');
  });

  test.each(setters)("is not the line's own: %s [SEC-1]", (_what, line) => {
    for (const name of [
      'PATH',
      'LD_PRELOAD',
      'IFS',
      'CDPATH',
      'ENV',
      'GIT_DIR',
      'PAGER',
      'path',
      'module_path',
    ])
      expect(place.shell({ allow }, `${line(name, './x')}; ls`)).not.toBe('allow');
  });

  test.each([
    'x[PATH=1]=2; ls',
    'x=([PATH=1]=2); ls',
    'x=$((PATH = 1)); ls',
    'x=${y[PATH=1]}; ls',
    'x=${y:PATH=1}; ls',
    'x=${PATH:=./x}; ls',
    'x=${path::=tools}; ls',
    'x=${PATH::=1}; ls',
    'for i in $((PATH=1)); do ls; done',
    'case $((PATH=1)) in *) ls;; esac',
    '[[ PATH=1 -eq 1 ]]; ls',
    'true {PATH}>/dev/null; ls',
    'true <<E\n${y:PATH=1}\nE\nls',
  ])("is not the line's own where arithmetic or a redirection sets it: %j [SEC-1]", (line) => {
    expect(place.shell({}, line)).not.toBe('allow');
  });

  test.each([
    'for i in a b; do echo one; done',
    'for file in *.c; do wc -l README.md; done',
    'x=1; y=$((x + 1)); x[y=2]=3; ls',
    '[[ x=1 -eq 1 ]]; ls',
    'name=a; for LANG in C; do ls; done',
  ])("is not meant by a name of the line's own: %j", (line) => {
    expect(place.shell({}, line)).toBe('allow');
  });

  test.each([
    'SECONDS=0; make; echo $SECONDS',
    'OPTIND=1; RANDOM=42; for i in a b; do make; done',
    'read -r name; export A=b; declare -r re="^(a|b)$"; re2="(a)"',
    "declare pattern='([a-z]+)'",
    ': ${COLUMNS:=80} ${x:=y}',
    'TOTAL=0; ((TOTAL += 1)); let TOTAL++',
  ])('may have a number: %j', (line) => {
    expect(place.shell({ deny: ['Bash(rm:*)'] }, line, { mode: 'bypassPermissions' })).toBe('allow');
  });
});

describe('a value that looks like a list is read once more', () => {
  test.each([
    "declare -a x='([$(rm x)]=1)'",
    "declare -a 'x=([$(rm x)]=1)'",
    "declare -A x='([a]=`rm x`)'",
    "x=(1); declare x='($(rm x))'",
    "x[1]=1; export x='($(rm x))'",
    'y=\'($(rm x))\'; declare -a x="$y"',
    "readonly -a x='(<(rm x))'",
    "set -A 'x[$(rm x)]' 1",
  ])('%j [SEC-1]', (line) => {
    expect(place.shell({ deny: ['Bash(rm:*)'] }, line, { mode: 'bypassPermissions' })).toBe('ask');
  });
});
