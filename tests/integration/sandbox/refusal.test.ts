import { chmodSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createSandboxFixture, onLinux, type SandboxFixture } from '../../support/sandbox-fixture.ts';

let fixture: SandboxFixture;

beforeAll(() => {
  fixture = createSandboxFixture();
});

afterAll(() => {
  fixture.remove();
});

const command = { file: 'bash', args: ['-c', 'echo ran; env'] };

const reasonOf = (cause: string): string =>
  `nothing is run without a sandbox, and ${cause}; or set sandbox.mode to "off" (CODEX_PLUS_SANDBOX_MODE=off) to run without one`;

describe('without a sandbox', () => {
  test('nothing is run, and the reason names the package and the setting [SEC-2]', async () => {
    const sandbox = fixture.sandbox({ platform: 'linux', env: { PATH: fixture.project } });
    const reason = reasonOf(
      'bubblewrap is not installed: install the package bubblewrap (apt-get install bubblewrap)',
    );
    expect(await sandbox.status()).toEqual({ available: false, kind: 'none', reason });
    expect(await sandbox.wrap(command, fixture.policy())).toEqual({ kind: 'refused', reason });
  });

  test('nothing is run where bubblewrap is there and the kernel forbids it, and the reason is what it said [SEC-2]', async () => {
    const program = fixture.write(
      'forbidden/bwrap',
      '#!/bin/sh\necho "bwrap: No permissions to create new namespace" >&2\nexit 1\n',
    );
    chmodSync(program, 0o755);
    const sandbox = fixture.sandbox({ platform: 'linux', env: { PATH: dirname(program) } });
    expect(await sandbox.wrap(command, fixture.policy())).toEqual({
      kind: 'refused',
      reason: reasonOf(
        `${program} cannot make a sandbox on this machine (bwrap: No permissions to create new namespace): ` +
          'docs/sandbox.md tells what containers and some distributions need',
      ),
    });
  });

  test('nothing is run on a platform that has none [SEC-2]', async () => {
    const sandbox = fixture.sandbox({ platform: 'win32' });
    expect(await sandbox.wrap(command, fixture.policy())).toEqual({
      kind: 'refused',
      reason: reasonOf('there is none for win32'),
    });
  });

  test('commands run bare only when the setting says so, and still without our environment [SEC-2]', async () => {
    const env = { PATH: process.env['PATH'], OPENAI_API_KEY: 'TOP SECRET' };
    const sandbox = fixture.sandbox({ mode: 'off', env });
    expect(await sandbox.status()).toEqual({ available: false, kind: 'none', reason: 'sandbox.mode is off' });
    expect(await sandbox.wrap(command, fixture.policy())).toEqual({
      kind: 'ready',
      ...command,
      env: { PATH: process.env['PATH'] },
      undo: expect.any(Function),
      takeNote: expect.any(Function),
    });
    const { stdout } = await fixture.bash('echo ran; env', { sandbox });
    expect(stdout.split('\n')[0]).toBe('ran');
    expect(stdout).not.toContain('SECRET');
  });
});

onLinux('the sandbox of this machine is bubblewrap where it is Linux [SEC-2]', async () => {
  expect(await fixture.sandbox({ platform: 'linux' }).status()).toEqual({
    available: true,
    kind: 'bubblewrap',
    reason: undefined,
  });
});

onLinux('a program that is missing is told apart from a sandbox that is [SEC-2]', async () => {
  const result = await fixture.bash('exec no-such-program');
  expect(result).toMatchObject({ ending: 'exited', exitCode: 127 });
});

test('a project folder that is gone is refused by name', async () => {
  const workspace = join(fixture.home, 'gone');
  expect(await fixture.sandbox().wrap(command, fixture.policy({ workspace, writable: [] }))).toEqual({
    kind: 'refused',
    reason: `the folder ${workspace} is missing`,
  });
});
