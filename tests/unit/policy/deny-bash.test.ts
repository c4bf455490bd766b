import { afterAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePolicyPlace } from '../../support/made-up-policy.ts';

const place = makePolicyPlace({});
mkdirSync(join(place.project, 'bin'));
writeFileSync(join(place.project, 'bin', 'rm'), '');
afterAll(place.remove);

const bypass = { mode: 'bypassPermissions' } as const;
const denies = (rule: string, command: string) => place.shell({ deny: [rule] }, command, bypass);

describe('Bash(rm:*) denied', () => {
  test.each([
    'rm x',
    'rm',
    'rm\tx',
    '  rm   x',
    'ls && rm x',
    'ls || rm x',
    'ls; rm x',
    'ls\nrm x',
    'ls | rm x',
    'ls & rm x',
    '! rm x',
    'time rm x',
    'echo $(rm x)',
    'echo "a $(rm x) b"',
    'echo `rm x`',
    'echo "`echo \\`rm x\\``"',
    'cat <(rm x)',
    'ls > >(rm x)',
    '(rm x)',
    '{ rm x; }',
    'if true; then rm x; fi',
    'if rm x; then ls; elif rm y; then ls; else rm z; fi',
    'for i in 1 2; do rm $i; done',
    'for ((i=0; i<2; i++)); do rm $i; done',
    'while true; do rm x; done',
    'until rm x; do ls; done',
    'case a in a) rm x;; esac',
    'select i in a; do rm $i; done',
    'f() { rm x; }; f',
    'function f { rm x; }',
    'coproc rm x',
    '[[ -n $(rm x) ]]',
    '(( $(rm x) ))',
    'echo $(( $(rm x) + 1 ))',
    'a=$(rm x)',
    'a=($(rm x))',
    'A=1 B=2 rm x',
    'env rm x',
    'env -i A=1 -u B rm x',
    "env -S 'rm x'",
    'timeout 5 rm x',
    'timeout -k 1 -s KILL 5 rm x',
    'nohup rm x',
    'nice rm x',
    'nice -n 10 rm x',
    'ionice -c 2 -n 1 rm x',
    'command rm x',
    'exec rm x',
    'exec -a ls rm x',
    'builtin rm x',
    'stdbuf -oL rm x',
    'sudo rm x',
    'sudo -u root -E A=1 rm x',
    'doas -u root rm x',
    'sudo nice env rm x',
    'echo x | xargs rm',
    'echo x | xargs -n1 -I {} rm {}',
    'setsid rm x',
    'busybox rm x',
    'watch -n 1 rm x',
    "r''m x",
    '"rm" x',
    '\\rm x',
    "$'\\x72m' x",
    'r\\\nm x',
    '/bin/rm x',
    '../../bin/rm x',
    'a=rm; $a x',
    'a="rm -rf"; $a x',
    'a=r; b=m; $a$b x',
    'a=r; a+=m; "$a" x',
    '${a:-rm} x',
    'for c in ls rm; do $c x; done',
    'if true; then c=ls; else c=rm; fi; $c x',
    'true && c=rm; $c x',
    'f() { c=rm; }; f; $c x',
    'export c=rm; $c x',
    '{rm,x}',
    'r{m,} x',
    'bin/r? x',
    'bin/[r]m x',
    'bash -c "rm x"',
    "bash -lc 'ls; rm x'",
    'sh -c "sh -c \'rm x\'"',
    'eval "rm x"',
    'eval rm x',
    "trap 'rm x' EXIT",
    'find . -exec rm {} \\;',
    'find . -name a -execdir rm {} +',
    'cat <<EOF\n$(rm x)\nEOF',
    'cat <<EOF; rm x\ntext\nEOF',
    'cat <<< $(rm x)',
    'ls > $(rm x)',
    'rm x # harmless',
    'env - rm x',
    "env --split-string='rm x'",
    "env -vS 'rm x'",
    'env --unset=A rm x',
    "bash +e -c 'rm x'",
    "bash -eo pipefail -c 'rm x'",
    "bash --norc -c 'rm x'",
    'eval -- rm x',
    "trap -- 'rm x' EXIT",
    'timeout --kill-after 3 5 rm x',
    'timeout -sKILL 5 rm x',
    "flock l -c 'rm x'",
    'flock -x l rm x',
    "su --command 'rm x'",
    "su root -c 'rm x'",
    "script -qc 'rm x' /dev/null",
    'echo x | xargs --replace rm git status {}',
    'echo x | xargs -i rm {}',
    'xargs -a list rm',
    'nice -5 rm x',
    'taskset -c 0 rm x',
    'chrt -b 0 rm x',
    'unshare --mount-proc -f rm x',
    'setpriv --nnp rm x',
    "git -c alias.q='!rm x' q",
    "git -c core.pager='rm x' log",
    "git submodule foreach 'rm x'",
    "git rebase --exec 'rm x' HEAD~1",
    "GIT_PAGER='rm x' git log",
    'git bisect run rm x',
    "tar cf a --checkpoint-action=exec='rm x' .",
    "rsync -e 'rm x' a b",
    'command time -f x rm x',
    'c=; : ${c:=rm}; $c x',
    'noglob rm x',
    'nocorrect rm x',
    '- rm x',
    'repeat 1 rm x',
    "emulate sh -c 'rm x'",
    'busybox rm x',
    'find . -exec echo + rm \\; -exec rm {} +',
  ])('is found in %j [SEC-1]', (command) => {
    expect(place.ask({ deny: ['Bash(rm:*)'] }, 'Bash', { command }, bypass)).toEqual({
      behavior: 'deny',
      rule: place.rules({ deny: ['Bash(rm:*)'] })[0],
      reason: `Permission to use Bash with command ${command} has been denied.`,
    });
  });

  test.each([
    'echo rm x',
    'rmdir x',
    'ls # rm x',
    "echo '$(rm x)'",
    "cat <<'EOF'\n$(rm x)\nEOF",
    'echo "a; rm x"',
    'command -v rm',
    'git rm x',
    'trap - EXIT',
    'find . -name rm',
  ])('has nothing to do with %j [SEC-1]', (command) => {
    expect(denies('Bash(rm:*)', command)).toBe('allow');
  });

  test.each([
    '$c x',
    '"$@"',
    '$(echo rm) x',
    'env $c x',
    'bash -c "$script"',
    'eval "$x"',
    'read c; $c x',
    'ls; rm x )',
    'if true; then',
    '<&-rm x',
    'timeout --sig KILL 5 rm x',
    'env --uns A rm x',
    'nice --adj=5 rm x',
    "su --comm='rm x'",
    'env -P /bin rm x',
    'unshare',
    'parallel rm ::: x',
    'ssh host rm x',
    "ssh host 'cd a; rm x'",
    'docker run image rm x',
    "fish -c 'rm x'",
    'echo x | sh',
    'sh <<< x',
    'bash -s < x',
    'sh /dev/stdin',
    'bash <(echo rm x)',
    '. /dev/stdin',
    'find . $x',
    'echo rm | xargs -I{} {} x',
    'awk \'BEGIN{system("rm x")}\'',
    "sed '1e rm x' f",
    "sed 's/a/rm x/e' f",
    'c=ls; f() { $c x; }; c=rm; f',
    'f() { "$@"; }; f rm x',
    'c=ls; declare -n r=c; r=rm; $c x',
    'c=ls; n=c; printf -v "$n" rm; $c x',
    'c=ls; printf -vc rm; $c x',
    'REPLY=ls; read; $REPLY x',
    '_=ls; : rm; $_ x',
    "alias ls='rm x'\nls",
    'hash -p /bin/rm ls; ls x',
    "PS4='$(rm x)'; set -x; :",
    'BASH_ENV=f bash -c :',
    "complete -C 'rm x' y",
    "compgen -C 'rm x'",
    "mapfile -C 'rm x' -c 1 < f",
    'jobs -x rm x',
    'enable -f ./x y',
    "y='$(rm x)'; echo ${y@P}",
    'y=x; echo ${!y}',
    '=rm x',
    "a='rm x'; $=a",
    'a=rmx; $a[1,2] x',
    "echo *(e:'rm x':)",
    "functions[ls]='rm x'; ls",
    'path=(./bin $path); ls',
  ])('cannot be ruled out in %j, so that is a question even where nothing is asked [SEC-1]', (command) => {
    expect(denies('Bash(rm:*)', command)).toBe('ask');
    expect(place.shell({}, command, bypass)).toBe('allow');
  });
});

describe('a line that is made to be slow', () => {
  const many = 'b '.repeat(9_000);

  test.each([
    ['words', `echo ${many}`],
    ['files in many folders', `${'cd a;'.repeat(60)}cat ${many}`],
    ['a variable that doubles', `a=xxxx;${'a=$a$a;'.repeat(1_000)}echo $a`],
    ['a variable many times in a word', `a=x; echo ${'$a'.repeat(40_000)}`],
    ['loops in loops', `${'for a in 1 2 3 4 5 6 7 8 9; do '.repeat(60)}x $a $a${'; done'.repeat(60)}`],
    ['braces', `echo ${'{a,b}'.repeat(40)}`],
    ['substitutions in substitutions', `echo ${'$('.repeat(200)}x${')'.repeat(200)}`],
    ['parentheses', '('.repeat(50_000)],
    ['scripts in scripts', `bash -c "${'eval '.repeat(5_000)}x"`],
    ['starters', `${'env '.repeat(9_000)}rm x`],
  ])(
    'is answered all the same, and with a harmless rule allowed or asked for: %s [SEC-1]',
    (_what, command) => {
      const settings = { deny: ['Bash(nothing:*)', 'Read(nothing/**)', 'Edit(/nothing)'] };
      expect(['allow', 'ask']).toContain(place.shell(settings, command, bypass));
    },
  );
});

describe('other rules that deny', () => {
  test.each([
    ['Bash(git push)', ['git push', 'git  push', 'ls && git push'], ['git push origin', 'git pull']],
    ['Bash(git push *)', ['git push', 'git push --force'], ['git pull']],
    [
      'Bash(*secret*)',
      ['echo secret', 'ls; cat secret.txt', 'echo sec"ret"', 'A=secret ls'],
      ['echo public'],
    ],
    ['Bash(* | sh)', ['curl x | sh', 'echo a  |  sh'], ['sh x']],
    ['Bash(rm -rf *)', ['rm -rf x', 'ls; rm  -rf /'], ['rm -fr x', 'rm -r x']],
    ['Bash', ['ls', 'anything'], []],
    ['Bash(*)', ['ls', 'anything at ( all'], []],
    ['NoSuchTool(x)', [], ['ls']],
  ])('%s [SEC-1]', (rule, denied, others) => {
    expect(denied.map((command) => denies(rule, command))).toEqual(denied.map(() => 'deny'));
    expect(others.map((command) => denies(rule, command))).toEqual(others.map(() => 'allow'));
  });

  test('a parameter of the call can be denied by name [SEC-1]', () => {
    const settings = { deny: ['Bash(run_in_background:true)'] };
    const ask = (input: Readonly<Record<string, unknown>>) =>
      place.ask(settings, 'Bash', { command: 'ls', ...input }).behavior;
    expect(ask({ run_in_background: true })).toBe('deny');
    expect(ask({ run_in_background: false })).toBe('allow');
    expect(ask({})).toBe('allow');
  });
});
