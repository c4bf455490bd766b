import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { runInSandbox } from '../../../middleware/features/commands/prompt/run-in-sandbox.ts';
import { createCommandRunner } from '../../../middleware/features/hooks/run/run-hook-command.ts';
import { createSandboxFixture, onLinux, type SandboxFixture } from '../../support/sandbox-fixture.ts';

let fixture: SandboxFixture;

beforeAll(() => {
  fixture = createSandboxFixture();
});

afterAll(() => {
  fixture.remove();
});

const limits = { stdin: '', timeoutMs: 10_000, signal: new AbortController().signal };
const command = { file: 'bash', args: ['-c', 'mkdir .husky; echo fine'] };
const reason = expect.stringMatching(
  /^it made what would run later, outside the sandbox: \.husky \(now refused-[0-9a-f]{8}\.husky\)$/,
);

onLinux('a line of a command that made what runs later is refused, and says so [SEC-2]', async () => {
  const call = { command, workspace: fixture.project, readable: [], maxOutputBytes: 1_000, ...limits };
  expect(await runInSandbox(fixture.sandbox(), call)).toEqual({ kind: 'refused', reason });
  expect(existsSync(join(fixture.project, '.husky'))).toBe(false);
});

onLinux(
  'a hook that made what runs later counts as one that refuses, whatever it answered [SEC-2]',
  async () => {
    const place = {
      workspace: fixture.project,
      ownVariables: new Set<string>(),
      copiesDir: join(fixture.project, '..', 'hook-copies'),
      onTimeout: () => undefined,
      onNote: () => undefined,
    };
    const run = createCommandRunner(fixture.sandbox(), place);
    const end = await run({
      ...{ ...command, ...limits, cwd: fixture.project, env: {}, permissions: [] },
      keepBytes: 1_000,
      floodBytes: 10_000,
      onStdout: () => undefined,
    });
    expect(end).toMatchObject({ ending: 'exited', exitCode: 2, stdout: '', stderr: reason });
    expect(existsSync(join(fixture.project, '.husky'))).toBe(false);
  },
);
