import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { run } from '../../../middleware/platform/process/run.ts';
import { rootDir } from '../../support/compose-middleware.ts';
import { onLinux } from '../../support/sandbox-fixture.ts';

let empty: string;

beforeAll(() => {
  empty = mkdtempSync(join(tmpdir(), 'codex-plus-set-up-'));
});

afterAll(() => {
  rmSync(empty, { recursive: true });
});

const ensureSandbox = (env: Readonly<Record<string, string | undefined>>) =>
  run({
    file: process.execPath,
    args: ['--input-type=module', '--eval', "(await import('./scripts/sandbox.mjs')).ensureSandbox()"],
    cwd: rootDir,
    env,
    timeoutMs: 60_000,
    maxOutputLength: 10_000,
    signal: new AbortController().signal,
  });

onLinux('the set-up says nothing where bubblewrap is there [SEC-2]', async () => {
  expect(await ensureSandbox({ PATH: process.env['PATH'] })).toMatchObject({
    exitCode: 0,
    stdout: '',
    stderr: '',
  });
});

onLinux(
  'the set-up says in one line what is missing where it cannot install it, and goes on [SEC-2]',
  async () => {
    expect(await ensureSandbox({ PATH: empty })).toMatchObject({
      exitCode: 0,
      stdout:
        'There is no sandbox: commands and hooks of projects are refused until the package bubblewrap is installed (docs/sandbox.md).',
      stderr: '',
    });
  },
);

onLinux('the set-up says nothing where the sandbox is switched off', async () => {
  expect(await ensureSandbox({ PATH: empty, CODEX_PLUS_SANDBOX_MODE: 'off' })).toMatchObject({
    exitCode: 0,
    stdout: '',
    stderr: '',
  });
});
