import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { rootDir } from '../../support/compose-middleware.ts';
import {
  countProcesses,
  createSandboxFixture,
  onLinux,
  type SandboxFixture,
} from '../../support/sandbox-fixture.ts';
import { until } from '../../support/until.ts';

let fixture: SandboxFixture;

beforeAll(() => {
  fixture = createSandboxFixture();
});

afterAll(() => {
  fixture.remove();
});

/** A duration that no other process on this machine sleeps. */
let next = 0;
const unusual = (): string => `8${process.pid}.${(next += 1)}`;

/** Starts sleepers that leave their parent, their process group and their session, and marks that each runs. */
const scatter = (seconds: string): string =>
  [
    `setsid bash -c 'touch one; exec sleep ${seconds}' > /dev/null 2>&1 &`,
    `(bash -c 'touch two; exec sleep ${seconds}' > /dev/null 2>&1 &)`,
    `nohup bash -c 'trap "" TERM HUP INT; touch three; sleep ${seconds}; sleep ${seconds}' > /dev/null 2>&1 &`,
    'until [ -e one ] && [ -e two ] && [ -e three ]; do sleep 0.01; done',
  ].join('\n');

onLinux(
  'at the time limit everything that a command started is ended, wherever it hid [SEC-2] [HK-4]',
  async () => {
    const seconds = unusual();
    const result = await fixture.bash(`${scatter(seconds)}\necho all run\nsleep ${seconds}`, {
      timeoutMs: 3_000,
    });
    expect(result).toMatchObject({ ending: 'timed-out', stdout: 'all run' });
    await until(() => countProcesses(`sleep ${seconds}`) === 0);
  },
);

onLinux('a command that ends leaves nothing behind that goes on [SEC-2]', async () => {
  const seconds = unusual();
  const result = await fixture.bash(`${scatter(seconds)}\necho all run`);
  expect(result).toMatchObject({ ending: 'exited', exitCode: 0, stdout: 'all run' });
  await until(() => countProcesses(`sleep ${seconds}`) === 0);
});

onLinux('a command that writes without end is ended at 64 KiB [SEC-2] [HK-4]', async () => {
  const line = `no end ${unusual()}`;
  const { ending, stdout } = await fixture.bash(`yes '${line}'`);
  // The last line end is not part of it.
  expect([ending, stdout.length >= 65_535, stdout.length <= 65_536]).toEqual(['too-much-output', true, true]);
  await until(() => countProcesses(`yes ${line}`) === 0);
});

onLinux('a command does not outlive a middleware that was killed [SEC-2]', async () => {
  const seconds = unusual();
  const wrapped = await fixture
    .sandbox()
    .wrap({ file: 'bash', args: ['-c', `touch runs; exec sleep ${seconds}`] }, fixture.policy());
  const started = join(fixture.project, 'runs');
  const script = `
    import { run } from '${rootDir}/middleware/platform/process/run.ts';
    const signal = new AbortController().signal;
    await run({ ...${JSON.stringify(wrapped)}, cwd: '${fixture.project}', timeoutMs: 600_000, maxOutputLength: 1000, signal });
  `;
  const middleware = spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'ignore' });
  try {
    await until(() => existsSync(started));
  } finally {
    middleware.kill('SIGKILL');
  }
  await until(() => countProcesses(`sleep ${seconds}`) === 0);
});
