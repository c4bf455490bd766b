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

describe('without any rule', () => {
  test.each([
    'echo hi',
    'ls -la src; cat src/main.c | head -n 3 | wc -l',
    'pwd && whoami && date +%s && uname -a',
    'grep -rn main src | sort | tail -5',
    "sed -n '1,5p' src/main.c",
    'sed -n -e /main/p src/main.c',
    'find . -name "*.c" -type f',
    'diff src/main.c src/main.c',
    'jq . src/main.c',
    'ps aux; id; stat src; du -sh .; tree src',
    'base64 src/main.c | md5sum',
    'which node; type ls; command -v node',
    'test -f src/main.c && [ -d src ]; [[ -f x && a == b* ]]',
    'sleep 1; true; false',
    'cd src && ls',
    'git status --short && git log -3 && git --no-pager diff HEAD~1 && git show HEAD:src/main.c',
    'node --version; python3 --version',
    'timeout 5 cat src/main.c',
    'rg -n main src',
    'cat < src/main.c > /dev/null',
    'git branch --show-current',
    'git branch -a -v',
    'git remote -v',
    'git tag --list "v*"',
    'git config --get user.name',
    'git stash list; git rev-parse --abbrev-ref HEAD',
    'file src/main.c',
    'node -v',
    'sort src/main.c | uniq -c',
    'xargs echo < src/main.c',
    "jq -r '.a | keys' src/main.c",
    'ps aux; ps -ef',
    'NODE_ENV=test CI=1 LANG=C git status',
  ])('reading is allowed: %s [SEC-1]', (command) => {
    expect(place.shell({}, command)).toBe('allow');
  });

  test.each([
    'touch x',
    'mkdir x',
    'rm x',
    'make',
    'exit 0',
    'find . -delete',
    'find . -exec cat {} +',
    'find . -fprint x',
    'sed 1p src/main.c',
    'sed -i 1p src/main.c',
    "sed -n '1w x' src/main.c",
    "sed -n '1e id' src/main.c",
    "sed -n 's/a/b/w x' src/main.c",
    'sed -n -f script src/main.c',
    'awk 1 src/main.c',
    'sort -o x src/main.c',
    'sort --outp=x src/main.c',
    'sort *',
    'tree -o x',
    'date -s tomorrow',
    'date 01010101',
    'printf -v x y',
    "[ -v 'a[$(id)]' ]",
    "[[ 'a[$(id)]' -eq 1 ]]",
    'rg --pre id x',
    'git push',
    'git -c core.pager=id log',
    'git diff --output=x',
    'git diff --ext-diff',
    'git branch -D x',
    'git branch x',
    'git branch -v x',
    'git tag x',
    'git tag -n x',
    'git remote add x y',
    'git log --outp x',
    'git diff --no-index a b',
    'git diff --textconv',
    'git log --format=%G?',
    'git blame --contents=x src/main.c',
    'git -C src status',
    'cd src && git status',
    'git config user.name x',
    'git cat-file --batch',
    'jq -n env',
    "jq -n '$ENV'",
    'jq -f x src/main.c',
    'jq -L x . src/main.c',
    'find -files0-from x',
    'uniq src/main.c out',
    'file -C -m x',
    'base64 -o x src/main.c',
    'diff -l src/main.c src/main.c',
    'ps auxe',
    'ls --unknown-option',
    'npm --version',
    'cargo --version',
    'LANG=../x git status',
    'NODE_OPTIONS=x git status',
    'timeout --sig KILL 5 cat src/main.c',
    'xargs -a src/main.c echo',
    'node x --version',
    'export A=b',
    'echo hi > x',
    'echo hi | tee x',
    'ls | xargs cat',
    'alias ls=rm',
  ])('anything else is not: %s [SEC-1]', (command) => {
    expect(place.shell({}, command)).toBe('none');
  });

  test.each([
    ['cat /etc/hostname', "cat in '/etc/hostname' needs approval. The path is outside"],
    ['ls ..', "ls in '"],
    ['cat link', "cat in '"],
    ['cd .. && ls', "cd in '"],
    ['cd / && cat etc/hostname', "cd in '/' needs approval"],
    ['find / -name x', "find in '/' needs approval"],
    ['grep -f /etc/hostname src/main.c', "grep in '/etc/hostname'"],
    ['cat < /etc/hostname', "Input redirection from '/etc/hostname'"],
    ['cat ~/x', "cat in '"],
    ['ls "$OLDPWD"', "A variable in this command can't be checked"],
    ['cd "$(git rev-parse --show-toplevel)" && ls', "A nested command in this command can't be checked"],
  ])('reading outside of the working directories is not: %s [SEC-1]', (command, reason) => {
    const decision = place.ask({}, 'Bash', { command });
    expect(decision).toMatchObject({ behavior: 'none' });
    expect(decision.reason).toContain(reason);
  });

  test('a Read rule, or a further working directory, allows reading there [SEC-1]', () => {
    expect(place.shell({ allow: ['Read(//etc/**)'] }, 'cat /etc/hostname')).toBe('allow');
    expect(place.shell({}, 'cat /etc/hostname', { additionalDirectories: ['/etc'] })).toBe('allow');
    expect(place.shell({ allow: ['Read(~/notes/**)'] }, 'cat ~/notes/a')).toBe('allow');
  });
});

test('a rule with quotes or escaped parentheses is about the line as it is written [SEC-1]', () => {
  const quoted = { allow: ['Bash(mytool -m "x y")', "Bash(mytool -n 'a' *)"] };
  expect(place.shell(quoted, 'mytool -m "x y"')).toBe('allow');
  expect(place.shell(quoted, 'ls && mytool  -m "x y"')).toBe('allow');
  expect(place.shell(quoted, "mytool -n 'a' b")).toBe('allow');
  for (const other of [
    'mytool -m "x z"',
    'mytool -m "x y" z',
    'mytool -m "x y"; make',
    'A=1 mytool -m "x y"',
  ])
    expect(place.shell(quoted, other)).toBe('none');
  expect(place.shell(quoted, "mytool -n 'a' $(make)")).toBe('none');
  const print = 'python3 -c "print(1)"';
  const rule = 'Bash(python3 -c "print\\(1\\)")';
  expect(place.shell({ deny: [rule] }, print)).toBe('deny');
  expect(place.shell({ deny: [rule] }, `ls; ${print}`)).toBe('deny');
  expect(place.shell({ allow: [rule] }, print)).toBe('allow');
});
