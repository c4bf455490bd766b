import { afterAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { holds } from '../../support/fuzz.ts';
import { makePolicyPlace } from '../../support/made-up-policy.ts';

const place = makePolicyPlace({});
const root = mkdtempSync(join(tmpdir(), 'generated-'));
afterAll(() => {
  place.remove();
  rmSync(root, { recursive: true });
});

const touch = fc.constantFrom('touch MARK', 't""ouch MARK', '$c MARK', "$'touch' MARK", 'command touch MARK');
const subject = fc.oneof(
  fc.constantFrom('git status', 'echo a', 'x=1', 'i=$((i + 1))', 'cat f', 'test -f f', 'git status -s'),
  touch,
);
const text = fc.oneof(
  fc.constantFrom(
    "'a[$(touch MARK)]'",
    "'$(touch MARK)'",
    '"$(touch MARK)"',
    'b',
    '$y',
    '"$y"',
    '{}',
    '$((y))',
  ),
  touch.map((command) => `'${command.replaceAll("'", '')}'`),
);
const around = fc.constantFrom(
  (a: string, b: string) => `${a}; ${b}`,
  (a: string, b: string) => `${a} && ${b}`,
  (a: string, b: string) => `${a} | ${b}`,
  (a: string, b: string) => `if ${a}; then ${b}; fi`,
  (a: string, b: string) => `for i in 1; do ${a}; ${b}; done`,
  (a: string, b: string) => `${a}\n${b}`,
  (a: string, b: string) => `echo \`${a}\`; ${b}`,
);
const given = fc.constantFrom(
  ...['git status', 'echo', 'y=', 'x[', 'printf -v', 'unset', 'read', 'let', 'declare -i x=', '[[ 1 -eq'],
  ...[
    '[ -v',
    'eval',
    'bash -c',
    'trap --',
    'env -S',
    'timeout --sig KILL 5',
    'xargs --replace touch git status',
  ],
  ...[
    'find . -maxdepth 0 -exec',
    'nice --adj=5',
    'command',
    'exec',
    'sh -ec',
    'c=',
    'PS4=',
    'echo ${x:',
    'echo ${y@P}',
  ],
);
const closings: Readonly<Record<string, string>> = {
  'x[': ']=1',
  '[[ 1 -eq': ']]',
  '[ -v': ']',
  'echo ${x:': '}',
};
const command = fc.oneof(
  subject,
  fc.tuple(given, text).map(([start, word]) => {
    const gap = /[=:[]$/.test(start) ? '' : ' ';
    return `${start}${gap}${word}${closings[start] === undefined ? '' : ` ${closings[start]}`.replace(' ]=', ']=')}`;
  }),
);
const line = fc
  .array(command, { minLength: 1, maxLength: 3 })
  .chain((commands) => around.map((join_) => commands.reduce((before, next) => join_(before, next))));

/** Whether a real shell that runs the line makes MARK. */
function marks(shell: string, source: string): boolean {
  const folder = mkdtempSync(join(root, 'run-'));
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'f'), 'MARK\n');
  spawnSync(shell, ['-c', source], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder },
    input: 'MARK\n',
    stdio: ['pipe', 'ignore', 'ignore'],
    timeout: 5_000,
  });
  return existsSync(join(folder, 'MARK'));
}

test('what is allowed where only git status is makes no file in a real bash [SEC-1]', async () => {
  const settings = {
    allow: ['Bash(git status:*)', 'Bash(echo:*)', 'Bash(printf:*)', 'Bash(unset:*)', 'Bash(read:*)'],
  };
  await holds(
    [line],
    (source) => {
      if (place.shell(settings, source) === 'allow')
        expect([source, marks('bash', source)]).toEqual([source, false]);
    },
    400,
  );
});

test('what a rule denies is not let through where a real bash would do it [SEC-1]', async () => {
  await holds(
    [line],
    (source) => {
      const behavior = place.shell({ deny: ['Bash(touch:*)'] }, source, { mode: 'bypassPermissions' });
      if (behavior === 'allow') expect([source, marks('bash', source)]).toEqual([source, false]);
    },
    200,
  );
});
