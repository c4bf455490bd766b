import { spawnSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest } from '@jest/globals';
import type { BoundedEnd } from '../../../middleware/platform/process/bounded-child.ts';
import { runBounded, type RunBoundedOptions } from '../../../middleware/platform/process/run-bounded.ts';
import { currentRequestId, runOwned } from '../../../middleware/platform/process/request-owner.ts';
import { SpareShells } from '../../../middleware/platform/process/spares/spare-shells.ts';
import { isRunning } from '../../support/is-running.ts';
import { onLinux } from '../../support/sandbox-fixture.ts';
import { until } from '../../support/until.ts';

jest.setTimeout(60_000);

const shells = new SpareShells();
let folder: string;
/** How many programs were started by shells that waited. */
let fast = 0;

const startFast: RunBoundedOptions['startFast'] = async (program, signal) => {
  const child = await shells.start(program, signal);
  if (child !== undefined) fast += 1;
  return child;
};

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "it's a shell ")));
});

afterAll(async () => {
  shells.close();
  await rm(folder, { recursive: true, force: true });
});

function optionsFor(line: string, more: Partial<RunBoundedOptions> = {}): RunBoundedOptions {
  return {
    ...{ file: '/bin/sh', args: ['-c', line], cwd: folder, stdin: '' },
    env: { PATH: process.env['PATH'], NAME: 'value' },
    ...{ keepBytes: 1_000, floodBytes: 100_000, timeoutMs: 20_000 },
    signal: new AbortController().signal,
    ...more,
  };
}

/** In a shell that waited. */
async function runFast(line: string, more: Partial<RunBoundedOptions> = {}): Promise<BoundedEnd> {
  // The first ones find none.
  const before = fast;
  await until(async () => {
    await runBounded(optionsFor(':', { startFast }));
    return fast > before;
  });
  const started = fast;
  const end = await runBounded(optionsFor(line, { startFast, ...more }));
  expect(fast).toBe(started + 1);
  return end;
}

const odd = `'"\\ $(echo no) \`no\` %s\n\téπ🙂\u0081\u0088!`;

const cases: Readonly<Record<string, readonly [line: string, more?: Partial<RunBoundedOptions>]>> = {
  'does nothing': [':'],
  'says something on both outputs': ['echo out; echo err >&2; exit 3'],
  'says a plus and a minus': ['printf +-; printf -- -+ >&2'],
  'reads its input': ['cat; cat', { stdin: odd.repeat(20) }],
  'does not read its input': ['exit 2', { stdin: 'x'.repeat(3_000_000) }],
  'closes its input': ['exec <&-; sleep 0.2; echo there', { stdin: 'x'.repeat(3_000_000) }],
  'has a variable': ['printf "%s|%s" "$ODD" "$EMPTY"', { env: { ODD: odd, EMPTY: '', GONE: undefined } }],
  'shows its environment': ['tr "\\0" "\\n" < /proc/self/environ | sort'],
  'shows its environment, of which there is none': [
    '/usr/bin/tr "\\0" "\\n" < /proc/self/environ',
    { env: {} },
  ],
  'has variables that shells know': [
    'echo "$IFS$PWD$CDPATH"',
    { env: { IFS: 'x', PWD: '/no', CDPATH: '/usr' } },
  ],
  'has a readonly one of bash': ['echo "$UID"', { env: { UID: '7' } }],
  'shows its folder': ['pwd; echo "$OLDPWD"'],
  'has a group and a session of its own': [
    'read -r pid name state parent group session rest < /proc/self/stat; echo "$((pid - group)) $((pid - session))"',
  ],
  'shows its descriptors': ['ls /proc/self/fd'],
  'has arguments': ['printf "%s," "$0" "$@"', { args: ['-c', 'printf "%s," "$0" "$@"', 'a', odd, ''] }],
  'is not found': ['nothing-like-it'],
  'is no shell line': ['if'],
  'ends by a signal': ['kill -9 $$'],
  'ends by another signal': ['kill -TERM $$'],
  'writes more than is kept': ['head -c 5000 /dev/zero | tr "\\0" é'],
  floods: ['yes', {}],
  'is late': ['trap "" TERM; sleep 30', { timeoutMs: 300 }],
  'leaves a process behind that holds its output': ['sleep 30 & echo there', { timeoutMs: 800 }],
};

onLinux.each(Object.entries(cases))('a program that %s ends as when we start it', async (_, [line, more]) => {
  expect(await runFast(line, more)).toEqual(await runBounded(optionsFor(line, more)));
});

const refused: Readonly<Record<string, Partial<RunBoundedOptions>>> = {
  'in a folder that is not there': { cwd: '/nothing/like it' },
  'in a file': { cwd: '/etc/hostname' },
  'that is no shell': { file: '/bin/echo', args: ['words'] },
  'that is not found': { file: '/nothing-like-it' },
  'with a variable that shells do not have': { env: { 'a.name': 'value' } },
  'with more than fits': { args: ['-c', ':', 'x'.repeat(3_000_000)] },
};

onLinux.each(Object.entries(refused))('a program %s is left to us', async (_, more) => {
  await runFast(':');
  const before = fast;
  const end = await runBounded(optionsFor('echo "$0"', { startFast, ...more }));
  expect(end).toEqual(await runBounded(optionsFor('echo "$0"', more)));
  expect(fast).toBe(before);
});

onLinux('many programs at once have a shell each', async () => {
  await runFast(':');
  const before = fast;
  const ends = await Promise.all(
    Array.from({ length: 24 }, (_, index) =>
      runBounded(optionsFor(`cat; echo ${index}`, { startFast, stdin: 'x' })),
    ),
  );
  expect(ends.map(({ stdout }) => stdout)).toEqual(ends.map((_, index) => `x${index}\n`));
  expect(fast).toBe(before + 24);
});

onLinux('a program is ended with its signal, and with all that it started', async () => {
  const stop = new AbortController();
  let said = '';
  const end = runFast('setsid sleep 60 & echo $!; sleep 60', {
    signal: stop.signal,
    onStdout: (text) => (said += text),
  });
  await until(() => said.includes('\n'));
  stop.abort();
  expect(await end).toMatchObject({ ending: 'aborted', summary: 'was stopped' });
  expect(isRunning(Number(said))).toBe(false);
});

onLinux('nothing is run for a signal that has aborted', async () => {
  await runFast(':');
  const end = await runBounded(optionsFor('echo there', { startFast, signal: AbortSignal.abort() }));
  expect(end).toMatchObject({ ending: 'aborted', stdout: '' });
});

onLinux('shells that were killed while they waited are passed over', async () => {
  await runFast(':');
  await until(() => childrenOf(shells.helperPid).length > 0);
  for (const pid of childrenOf(shells.helperPid)) process.kill(pid, 'SIGKILL');
  expect((await runBounded(optionsFor('echo there', { startFast }))).stdout).toBe('there\n');
  expect((await runFast('echo there')).stdout).toBe('there\n');
});

onLinux('programs end with the helper that started them, and another one takes its place', async () => {
  let said = '';
  const end = runFast('setsid sleep 60 & echo $!; sleep 60', { onStdout: (text) => (said += text) });
  await until(() => said.includes('\n'));
  process.kill(shells.helperPid ?? 0, 'SIGKILL');
  expect(await end).toMatchObject({ ending: 'killed', summary: 'was ended by SIGKILL' });
  expect(isRunning(Number(said))).toBe(false);
  expect((await runFast('echo there')).stdout).toBe('there\n');
});

onLinux('programs end when whoever had them started is killed', async () => {
  const starter = spawn(process.execPath, [
    join(import.meta.dirname, '../../support/runs-in-shell.ts'),
    'echo $$ $PPID; trap "" TERM; sleep 60; sleep 60',
  ]);
  const [said] = (await once(starter.stdout, 'data')) as [Buffer];
  const pids = String(said).split(' ').map(Number);
  expect(pids.map(isRunning)).toEqual([true, true]);
  starter.kill('SIGKILL');
  await until(() => !pids.some(isRunning));
});

onLinux('closed, it has ended its helper and what ran, and starts nothing more', async () => {
  const others = new SpareShells();
  const { signal } = new AbortController();
  await until(async () => (await others.start(optionsFor(':'), signal)) !== undefined);
  const child = await others.start(optionsFor('echo there; sleep 60'), signal);
  const pids = [others.helperPid ?? 0, child?.pid ?? 0];
  expect(pids.map(isRunning)).toEqual([true, true]);
  others.close();
  await until(() => !pids.some(isRunning));
  expect(await others.start(optionsFor(':'), signal)).toBeUndefined();
});

onLinux('what a program says is heard for the request that runs it, whichever was the first', async () => {
  const others = new SpareShells();
  const heard: string[] = [];
  const run = (id: string): Promise<unknown> =>
    runOwned({ id, end: () => undefined }, () =>
      runBounded(
        optionsFor(`echo ${id}`, {
          startFast: others.start,
          onStdout: (text) => heard.push(`${text.trim()} in ${currentRequestId()}`),
        }),
      ),
    );
  await run('first');
  await until(async () => (await others.start(optionsFor(':'), new AbortController().signal)) !== undefined);
  await run('second');
  await run('third');
  others.close();
  expect(heard).toEqual(['first in first', 'second in second', 'third in third']);
});

onLinux(
  'a line that is longer in bytes than in letters is left to whoever can say that it is too long',
  async () => {
    await runFast(':');
    const command = `exit 0 # ${'語'.repeat(50_000)}`;
    const end = await runBounded(optionsFor(command, { startFast }));
    expect(end).toEqual(await runBounded(optionsFor(command)));
  },
);

function childrenOf(pid: number | undefined): readonly number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' });
  return stdout
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(Number);
}
