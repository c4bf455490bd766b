import { afterAll, expect } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { holds } from '../../support/fuzz.ts';
import { makePolicyPlace } from '../../support/made-up-policy.ts';
import { onLinux } from '../../support/sandbox-fixture.ts';

const place = makePolicyPlace({});
afterAll(place.remove);

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

/** Folders and files that are gone with the sandbox; what a line does cannot reach anything else. */
const sandbox = [
  ...['--unshare-user', '--unshare-all', '--cap-drop', 'ALL', '--die-with-parent', '--tmpfs', '/'],
  ...['--ro-bind', '/usr', '/usr', '--symlink', 'usr/bin', '/bin', '--symlink', 'usr/lib', '/lib'],
  ...[
    '--symlink',
    'usr/lib64',
    '/lib64',
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    '--dir',
    '/w/sub',
    '--chdir',
    '/w',
  ],
  ...['--clearenv', '--setenv', 'HOME', '/w', '--setenv', 'PATH', '/usr/bin:/bin'],
];

/** Whether a real bash that runs the line makes MARK, or another file where there was none. */
function marks(source: string): boolean {
  const script =
    'echo MARK > f; bash -c "$1" < f > /dev/null 2>&1; test "$(ls -A | tr "\\n" " ")" != "f sub "';
  const { status } = spawnSync('bwrap', [...sandbox, '/bin/sh', '-c', script, 'run', source], {
    stdio: 'ignore',
    timeout: 5_000,
  });
  if (status !== 0 && status !== 1) throw new Error(`bash was not run: ${status}`);
  return status === 0;
}

/** Holds that what is let through makes no file, and that many of the lines that are tried decide something. */
async function neverMarks(isLetThrough: (source: string) => boolean, runs: number): Promise<void> {
  const counts = { letThrough: 0, stopped: 0, stoppedForGood: 0 };
  await holds(
    [line],
    (source) => {
      const isMarking = marks(source);
      if (isLetThrough(source)) {
        counts.letThrough += 1;
        expect([source, isMarking]).toEqual([source, false]);
      } else {
        counts.stopped += 1;
        counts.stoppedForGood += isMarking ? 1 : 0;
      }
    },
    runs,
  );
  // Where all is stopped, or nothing that is stopped does harm, nothing was tried.
  const tried = counts.letThrough + counts.stopped;
  expect(counts.letThrough).toBeGreaterThan(tried / 20);
  expect(counts.stoppedForGood).toBeGreaterThan(tried / 4);
}

onLinux('what is allowed where only git status is makes no file in a real bash [SEC-1]', async () => {
  const allow = ['Bash(git status:*)', 'Bash(echo:*)', 'Bash(printf:*)', 'Bash(unset:*)', 'Bash(read:*)'];
  await neverMarks((source) => place.shell({ allow }, source, { shell: 'bash' }) === 'allow', 80);
});

onLinux('what a rule denies is not let through where a real bash would do it [SEC-1]', async () => {
  const context = { mode: 'bypassPermissions', shell: 'bash' } as const;
  await neverMarks((source) => place.shell({ deny: ['Bash(touch:*)'] }, source, context) === 'allow', 80);
});
