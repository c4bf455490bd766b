import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { run } from '../../../middleware/platform/process/run.ts';
import { createSandboxFixture, onLinux, type SandboxFixture } from '../../support/sandbox-fixture.ts';

let fixture: SandboxFixture;

beforeEach(() => {
  fixture = createSandboxFixture();
});

afterEach(() => {
  fixture.remove();
});

/** Each has a sandbox of its own, as hooks and commands have. */
async function wrap(line: string) {
  const wrapped = await fixture.sandbox().wrap({ file: 'bash', args: ['-c', line] }, fixture.policy());
  if (wrapped.kind === 'refused') throw new Error(wrapped.reason);
  const { file, args, env, undo } = wrapped;
  const signal = new AbortController().signal;
  return {
    undo,
    run: () =>
      run({ timeoutMs: 30_000, maxOutputLength: 64 * 1024, file, args, env, cwd: fixture.project, signal }),
  };
}

const plant = 'mkdir -p sub/.husky; echo evil > sub/.husky/pre-commit; mkdir .claude; echo evil > .claude/a';
const told = expect.stringMatching(
  /: \.claude \(now refused-\w+\.claude\); sub\/\.husky \(now sub\/refused-/,
);
const isThere = () => ['.claude', 'sub/.husky'].some((path) => existsSync(join(fixture.project, path)));

describe('of two commands that run at once in a project', () => {
  onLinux('the one that plants is told, where the other began and ended around it [SEC-2]', async () => {
    const other = await wrap('echo fine > other');
    const planting = await wrap(plant);
    await Promise.all([other.run(), planting.run()]);
    expect([await planting.undo(), isThere()]).toEqual([told, false]);
    expect(await other.undo()).toBeUndefined();
  });

  onLinux(
    'the other is not told of what was there when it began, and is gone when it ends [SEC-2]',
    async () => {
      const planting = await wrap(plant);
      await planting.run();
      const other = await wrap('echo fine > other');
      await other.run();
      expect([await planting.undo(), isThere()]).toEqual([told, false]);
      expect(await other.undo()).toBeUndefined();
    },
  );

  onLinux('the other keeps nothing of what was there when it began [SEC-2]', async () => {
    const planting = await wrap(plant);
    await planting.run();
    const other = await wrap('echo fine > other');
    await other.run();
    expect(await other.undo()).toBeUndefined();
    expect([await planting.undo(), isThere()]).toEqual([told, false]);
  });

  onLinux(
    'the first that ends is told where both may have done it, and nothing is kept [SEC-2]',
    async () => {
      const other = await wrap('echo fine > other');
      const planting = await wrap(plant);
      await Promise.all([other.run(), planting.run()]);
      expect([await other.undo(), isThere()]).toEqual([told, false]);
      expect(await planting.undo()).toBeUndefined();
    },
  );

  onLinux('each is told of what it removed itself [SEC-2]', async () => {
    fixture.write('project/sub/.npmrc', 'a=1');
    const planting = await wrap(plant);
    const other = await wrap('mv sub away');
    await planting.run();
    await planting.undo();
    await other.run();
    expect(await other.undo()).toContain('sub/.npmrc (moved elsewhere or removed)');
  });

  onLinux(
    'one runs where the undoing of another takes away what it was to be kept from [SEC-2]',
    async () => {
      const planting = await wrap(plant);
      await planting.run();
      const other = await wrap('echo fine');
      await planting.undo();
      expect(await other.run()).toMatchObject({ exitCode: 0, stdout: 'fine', stderr: '' });
      expect(await other.undo()).toBeUndefined();
    },
  );
});
