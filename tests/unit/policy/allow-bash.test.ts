import { afterAll, describe, expect, test } from '@jest/globals';
import { makePolicyPlace } from '../../support/made-up-policy.ts';

const place = makePolicyPlace({
  'project/src/main.c': 'int main;',
  'project/link': '→ outside/secret',
  'outside/secret': 's',
});
afterAll(place.remove);

const allows = (rule: string, command: string) => place.shell({ allow: [rule] }, command) === 'allow';

describe('what a Bash rule covers', () => {
  test.each([
    [
      'Bash(make:*)',
      ['make', 'make all -j 4', '  make  all', 'make\tall'],
      ['makefile', 'remake', 'gmake all'],
    ],
    ['Bash(make *)', ['make', 'make all'], ['makefile']],
    ['Bash(make*)', ['make', 'make all', 'makefile', 'makefile x'], ['gmake']],
    ['Bash(make)', ['make'], ['make all']],
    [
      'Bash(npm run *)',
      ['npm run', 'npm run build', 'npm run build -- --watch', 'npm  run   build'],
      ['npm runx', 'npm install', 'npm -s run build'],
    ],
    ['Bash(git commit:*)', ['git commit', 'git commit -m "a b"'], ['git commits', 'git push']],
    [
      'Bash(git log:*)',
      ['git log -p'],
      ['git log --output=x', 'git log --outp x', 'echo --output=x | xargs git log'],
    ],
    ['Bash(make * clean)', ['make all clean', 'make a b clean'], ['make clean', 'make all cleaner']],
    ['Bash(* --help)', ['make --help', 'npm run --help'], ['make --helpful', 'make --help me']],
    ['Bash(*test*)', ['make test', 'pytest', 'npm run tests -- x'], ['make all']],
    ['Bash(*)', ['make', 'anything; at | all > x', '(sub) && { group; }', '$( unknown )'], []],
    ['Bash', ['make', 'f() { x; }; f &'], []],
    ['Bash()', [], ['make']],
    ['Bash(:*)', [], ['make']],
    ['Bash( make:* )', [], ['make']],
    [' Bash(make) ', [], ['make']],
    ['Bash(make:*', [], ['make']],
    ['Bash)make(', [], ['make']],
    ['Bash(make:*), Read', [], ['make']],
    ['bash(make:*)', [], ['make']],
    ['Bash(command:make)', [], ['make']],
  ])('%s [SEC-1]', (rule, covered, others) => {
    expect(covered.filter((command) => !allows(rule, command))).toEqual([]);
    expect(others.filter((command) => allows(rule, command))).toEqual([]);
  });

  test('a pattern made to be slow is not [SEC-1]', () => {
    const rule = `Bash(${'*a'.repeat(40)}*b)`;
    expect(place.shell({ allow: [rule] }, `echo ${'a'.repeat(50_000)}`)).toBe('allow');
    expect(place.shell({ allow: [rule] }, `make ${'a'.repeat(50_000)}`)).toBe('none');
  });
});

describe('with Bash(make:*) allowed, a line is', () => {
  test.each([
    'make a && make b',
    'make a || make b',
    'make a; make b',
    'make a\nmake b',
    'make | cat',
    '! make',
    'if true; then make; fi',
    'while make; do make b; done',
    'for i in 1 2; do make all; done',
    'case x in x) make;; esac',
    'echo a && make',
    'cd src && make',
    'timeout 5 make',
    'timeout -k 2 5 make all',
    'nohup make',
    'time make',
    'nice make',
    'nice -n 5 make',
    'command make',
    'echo a | xargs make',
    'echo a | xargs -n 1 make',
    'make >/dev/null 2>&1',
    'make 2>&1',
    'make "$HOME"',
    'make $HOME/x "$PWD"',
    'make $?',
    'make *.c',
    'ma\'ke\' "all"',
    '\\make',
    'make "a;b" \'c && d\' # e; f',
    "make <<'EOF'\n$(touch x)\nEOF",
    'make <<EOF\n$USER\nEOF',
    'make < src/main.c',
    'X=$(make)',
    'target=all; make $target',
    'make {a,b}.o',
    'make all \\\n  install',
    'NODE_ENV=test make',
    'CI=1 LANG=C make all',
    `make -m "$(cat <<'EOF'\nfix: "a" and 'b' $(touch x) \\ c\n\nmore\nEOF\n)"`,
  ])('allowed as a whole: %s [SEC-1]', (command) => {
    expect(place.ask({ allow: ['Bash(make:*)'] }, 'Bash', { command })).toMatchObject({ behavior: 'allow' });
  });

  const needsApproval = 'This command requires approval';
  const variable = "A variable in this command can't be checked before it runs";
  const nested = "A nested command in this command can't be checked before it runs";
  const asFile = "A command used as a file in this command can't be checked before it runs";
  const group = "A group in braces or double parentheses in this command can't be checked before it runs";
  const operators = 'This command uses shell operators that require approval for safety';
  const background = expect.stringContaining('`&` background operator') as unknown as string;
  const redirection = expect.stringMatching(
    /^Output redirection to '\/.*out' needs approval/,
  ) as unknown as string;
  const multiple = (part: string) =>
    `This Bash command contains multiple operations. The following part requires approval: ${part}`;

  test.each([
    ['make; install x', multiple('install x')],
    ['make | install x', multiple('install x')],
    ['make $(install x)', nested],
    ['make $(whoami)', nested],
    ['`install`', nested],
    ['X=$(install)', multiple('install')],
    ['make <(install)', asFile],
    ['make $UNSET', variable],
    ['make "$@"', variable],
    ['for i in 1 2; do make $i; done', variable],
    ['if true; then t=a; fi; make $t', variable],
    ['read t; make $t', variable],
    ['t=a; source ok; make $t', variable],
    ['make ${t#a}', variable],
    ['make ~nobody/x', "An expansion in this command can't be checked before it runs"],
    ['$CC x', variable],
    ['FOO=1 make', needsApproval],
    ['PATH=. make', needsApproval],
    ['timeout --sig KILL 5 make', needsApproval],
    ['echo a | xargs --replace touch make {}', multiple('xargs --replace touch make {}')],
    ['nice --adj=5 make', needsApproval],
    ['make "$(cat <<EOF\n$(install)\nEOF\n)"', 'Heredoc with unquoted delimiter undergoes shell expansion'],
    [
      'path=(./bin /usr/bin); make',
      "The shell evaluates a part of this command once more, which can't be checked before it runs",
    ],
    ['=make', "Zsh reads this command in another way than bash, so it can't be checked before it runs"],
    ['env make', needsApproval],
    ['/usr/bin/make', needsApproval],
    ['./make', needsApproval],
    ['ma[k]e', needsApproval],
    ['"make all"', needsApproval],
    ['(make)', operators],
    ['{ make; }', group],
    ['((x = 1))', group],
    ['f() { make; }; f', "A function definition in this command can't be checked before it runs"],
    ['coproc make', "A coprocess in this command can't be checked before it runs"],
    ['make &', background],
    ['bash -c make', needsApproval],
    ['eval make', needsApproval],
    ['make <<EOF\n$(install)\nEOF', 'Heredoc with unquoted delimiter undergoes shell expansion'],
    ['make <<EOF\n`whoami`\nEOF', 'Heredoc with unquoted delimiter undergoes shell expansion'],
    ['make > out', redirection],
    ['make 2>> src/../out', redirection],
    ['make >& out', redirection],
    ['make a\\ b', 'Contains backslash-escaped whitespace'],
    ['PATH=.; make', multiple('PATH=.')],
    ['http_proxy=x; make', multiple('http_proxy=x')],
    ['make; if', "expected 'then'"],
    ['make "', 'unterminated double quote'],
    ['<&-make x', 'a redirection runs into the word behind it'],
    ['make \0x', 'the command contains a NUL character'],
  ])('not allowed: %j [SEC-1]', (command, reason) => {
    expect(place.ask({ allow: ['Bash(make:*)'] }, 'Bash', { command })).toEqual({ behavior: 'none', reason });
  });

  test('a redirection into a file is allowed by an Edit rule for it, not by one for the tool [SEC-1]', () => {
    expect(place.shell({ allow: ['Bash(make:*)', 'Edit(out)'] }, 'make > out')).toBe('allow');
    expect(place.shell({ allow: ['Bash(make:*)', 'Edit(out)'] }, 'make > other')).toBe('none');
    expect(place.shell({ allow: ['Bash(make:*)', 'Edit'] }, 'make > out')).toBe('none');
  });
});
