import { afterAll, describe, expect, test } from '@jest/globals';
import { makePolicyPlace } from '../../support/made-up-policy.ts';

const place = makePolicyPlace({});
afterAll(place.remove);

const denies = (rule: string, command: string) =>
  place.shell({ deny: [rule] }, command, { mode: 'bypassPermissions' });

describe('what the shell evaluates once more', () => {
  const code = "'a[$(rm x)]'";
  const lines = [
    `x[${code}]=1`,
    "x['$(rm x)']=1",
    "x=(['$(rm x)']=1)",
    `unset ${code}`,
    `[[ -v ${code} ]]`,
    `[ -v ${code} ]`,
    `test -v ${code}`,
    `read ${code}`,
    `printf -v ${code} b`,
    `declare ${code}=1`,
    `declare -i x=${code}`,
    `typeset -i x; x=${code}`,
    `export ${code}=1`,
    `f() { local -i x=${code}; }; f`,
    `let ${code}`,
    `y=${code}; echo $((y))`,
    `y=${code}; z=y; echo $((z + 1))`,
    `y=${code}; echo $[y]`,
    `y=${code}; ((y))`,
    `y=${code}; [[ y -eq 1 ]]`,
    `[[ ${code} -eq 1 ]]`,
    `for ((i=${code};i<1;i++)); do :; done`,
    `for i in ${code}; do echo $((i)); done`,
    `a=b; echo \${a:${code}}`,
    `a=b; echo \${a:0:${code}}`,
    "echo ${x['$(rm x)']}",
    `cat <<E\n\${x['$(rm x)']}\nE`,
    `declare -n r=${code}; echo $r`,
    "exec {x['$(rm x)']}>/dev/null",
    `wait -p ${code} -n`,
    `getopts a ${code}`,
    'read n < f; echo $((n + 1))',
    'set -- b; echo $(($1))',
    "case ${x['$(rm x)']} in b) ;; esac",
  ];

  test.each(lines)('is a question where a rule denies: %j [SEC-1]', (command) => {
    expect(denies('Bash(rm:*)', command)).toBe('ask');
  });

  test.each(lines)('is allowed by no rule and no list: %j [SEC-1]', (command) => {
    const names = 'unset read printf declare typeset export let echo test [ wait getopts exec'.split(' ');
    expect(place.shell({ allow: names.map((name) => `Bash(${name}:*)`) }, command)).toBe('none');
  });

  test.each([
    'i=0; while [ $i -lt 3 ]; do i=$((i + 1)); done',
    'for ((i = 0; i < 3; i++)); do echo $i; done',
    'for i in 1 2 3; do echo $((i * 2)); done',
    'x[0]=1; x[1]=2; echo ${x[0]} ${x[@]} ${#x[@]} ${!x[@]}',
    'declare -A m; m[key]=v; echo "${m[key]}"',
    'echo $((COUNT + 1)) $((16#ff << 2)) ${x:1:2} ${x@Q}',
    'declare -i n=5; n=7; let n=n+1; ((n++))',
    '[[ $# -eq 0 && -n $x ]]',
    'read -p "Go on [y/N] " answer; unset answer; export A=1',
    'printf "%s\\n" "a[0]" "$x"',
    'set -euo pipefail; shopt -s nullglob',
  ])('is nothing where it can only be numbers: %j [SEC-1]', (command) => {
    expect(denies('Bash(rm:*)', command)).toBe('allow');
  });
});
