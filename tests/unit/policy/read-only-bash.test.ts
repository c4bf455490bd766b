import { afterAll, describe, expect, test } from '@jest/globals';
import { makePolicyPlace } from '../../support/made-up-policy.ts';

const place = makePolicyPlace({
  'project/src/main.c': 'int main;',
  'project/nested/HEAD': 'ref: refs/heads/main',
  'project/link': '→ outside/secret',
  'outside/secret': 's',
});
afterAll(place.remove);

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
    'printf ../outside/secret | sort --files0-from=-',
    'wc --files0-from=src/main.c',
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
    'cd nested && git status',
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

describe('what only looks as if it read needs a rule', () => {
  test.each([
    "git for-each-ref --format='%(signature)'",
    "git branch --format='%(signature:key)'",
    "git tag --format='%(*signature)'",
    'git tag --list -v x',
    'git log --pretty=mine',
    'git log --format=mine',
    "jq -n '$ ENV'",
    'find . -samefile /etc/passwd',
    'find . -newer /etc/passwd',
    'find . -anewer /etc/passwd',
  ])('%s [SEC-1]', (command) => {
    expect(place.shell({}, command)).not.toBe('allow');
  });

  test.each([
    'git log --pretty=oneline',
    "git log --format='%h %s'",
    "git branch --format='%(refname)'",
    'find . -newer src',
  ])('but not %s', (command) => {
    expect(place.shell({}, command)).toBe('allow');
  });
});
