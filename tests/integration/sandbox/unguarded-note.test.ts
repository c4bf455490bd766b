import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { runInSandbox } from '../../../middleware/features/commands/prompt/run-in-sandbox.ts';
import { createCommandRunner } from '../../../middleware/features/hooks/run/run-hook-command.ts';
import type { Sandbox } from '../../../middleware/platform/process/sandbox/sandbox.ts';
import { createSandboxFixture, onLinux, type SandboxFixture } from '../../support/sandbox-fixture.ts';

let fixture: SandboxFixture;

beforeEach(() => {
  fixture = createSandboxFixture();
});

afterEach(() => {
  fixture.remove();
});

const limits = { stdin: '', timeoutMs: 10_000, signal: new AbortController().signal };
const command = { file: 'bash', args: ['-c', 'echo fine; printf said >&2'] };
const tooDeep =
  'not all of the project was looked through: what lies deeper than 32 folders in it is not guarded, ' +
  'and a command can put there what runs later, outside the sandbox; open a smaller folder as the project';

function makeDeep(): void {
  mkdirSync(join(fixture.project, ...Array.from({ length: 40 }, () => 'd')), { recursive: true });
}

describe('that not all of a project is guarded', () => {
  onLinux('stands once in the output of a command [SEC-2]', async () => {
    makeDeep();
    const call = { command, workspace: fixture.project, readable: [], maxOutputBytes: 1_000, ...limits };
    const sandbox = fixture.sandbox();
    expect(await runInSandbox(sandbox, call)).toMatchObject({ end: { stderr: `said\n${tooDeep}` } });
    expect(await runInSandbox(sandbox, call)).toMatchObject({ end: { stderr: 'said' } });
  });

  test('waits for a run that begins [SEC-2]', async () => {
    let notes = ['not all is guarded'];
    const sandbox: Sandbox = {
      status: () => Promise.resolve({ available: true, kind: 'none', reason: undefined }),
      wrap: ({ file, args }) =>
        Promise.resolve({
          ...{ kind: 'ready', file, args, env: { PATH: process.env['PATH'] ?? '' } },
          undo: () => Promise.resolve(undefined),
          takeNote: () => {
            const [note] = notes;
            notes = [];
            return note;
          },
        }),
    };
    const shell = { ...command, file: 'sh' };
    const call = {
      command: shell,
      workspace: fixture.project,
      readable: [],
      maxOutputBytes: 1_000,
      ...limits,
    };
    const missing = { ...call, command: { file: 'no-such-program', args: [] } };
    expect(await runInSandbox(sandbox, missing)).toMatchObject({ end: { ending: 'not-started' } });
    await runInSandbox(sandbox, { ...call, signal: AbortSignal.abort() });
    expect(await runInSandbox(sandbox, call)).toMatchObject({ end: { stderr: 'said\nnot all is guarded' } });
    expect(await runInSandbox(sandbox, call)).toMatchObject({ end: { stderr: 'said' } });
  });

  onLinux('is told once where a hook is run [SEC-2]', async () => {
    makeDeep();
    const notes: string[] = [];
    const run = createCommandRunner(fixture.sandbox(), {
      workspace: fixture.project,
      ownVariables: new Set(),
      copiesDir: join(fixture.home, 'hook-copies'),
      onTimeout: () => undefined,
      onNote: (note) => {
        notes.push(note);
      },
    });
    const hook = {
      ...{ ...command, ...limits, cwd: fixture.project, env: {}, permissions: [] },
      ...{ keepBytes: 1_000, floodBytes: 10_000, onStdout: () => undefined },
    };
    expect(await run(hook)).toMatchObject({ exitCode: 0, stdout: 'fine\n', stderr: 'said' });
    await run(hook);
    expect(notes).toEqual([tooDeep]);
  });

  onLinux('is told of links in guarded folders too, and of nothing else [SEC-2]', async () => {
    const wrap = async () => {
      const wrapped = await fixture.sandbox().wrap(command, fixture.policy());
      return wrapped.kind === 'ready' ? wrapped.takeNote() : wrapped.reason;
    };
    expect(await wrap()).toBeUndefined();
    mkdirSync(join(fixture.project, '.vscode'));
    for (let index = 0; index <= 1_000; index++) {
      symlinkSync('../nowhere', join(fixture.project, '.vscode', `${index}`));
    }
    expect(await wrap()).toContain(
      'looked through: what links in .git, .vscode and the like lead to is not guarded',
    );
  });
});
