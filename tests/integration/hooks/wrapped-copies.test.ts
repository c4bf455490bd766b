import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { wrapCommand } from '../../../middleware/features/hooks/run/run-hook-command.ts';
import type { CheckedFiles } from '../../../middleware/features/hooks/trust/checked-files.ts';
import type { SandboxPolicy } from '../../../middleware/platform/process/sandbox/sandbox-policy.ts';
import type { Sandbox, WrappedCommand } from '../../../middleware/platform/process/sandbox/sandbox.ts';

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'wrapped-copies-')));
  mkdirSync(join(folder, 'project'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Has a hook with these scripts wrapped by a sandbox that a test makes up. */
function wrap(scripts: readonly string[], wrapped: Sandbox['wrap']): ReturnType<typeof wrapCommand> {
  const workspace = join(folder, 'project');
  const checked: CheckedFiles = new Map(
    scripts.map((name) => [
      join(workspace, name),
      { content: Buffer.from('true\n'), isExecutable: false, isWhole: true },
    ]),
  );
  const status = { available: true, kind: 'bubblewrap', reason: undefined } as const;
  return wrapCommand(
    { file: 'sh', args: ['-c', 'true'], env: {}, permissions: [], checked },
    { status: () => Promise.resolve(status), wrap: wrapped },
    { workspace, ownVariables: new Set(), copiesDir: join(folder, 'copies') },
  );
}

const copies = (): readonly string[] => readdirSync(join(folder, 'copies'));

describe('the copies of the scripts of a hook', () => {
  test('are gone where its sandbox cannot be made', async () => {
    const fault = new Error('the disk is full');
    await expect(wrap(['check.sh'], () => Promise.reject(fault))).rejects.toBe(fault);
    expect(copies()).toEqual([]);
    expect(await wrap(['check.sh'], () => Promise.resolve({ kind: 'refused', reason: 'no' }))).toEqual({
      kind: 'refused',
      reason: 'no',
    });
    expect(copies()).toEqual([]);
  });

  const name = (index: number): string => `${'€'.repeat(80)}${String(index)}`;
  const names = (count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => name(index));

  test.each([
    ['few files', 10, 0, true],
    ['many files beside them, with names of more bytes than letters', 1, 1_000, false],
    ['many scripts, with names of more bytes than letters', 1_000, 0, false],
  ])(
    'go into the arguments of the sandbox as far as those may be long: %s',
    async (_, copied, beside, isSeen) => {
      for (const other of names(beside)) writeFileSync(join(folder, 'project', `beside${other}`), '');
      const policies: SandboxPolicy[] = [];
      const ready: WrappedCommand = {
        ...{ kind: 'ready', file: 'sh', args: [], env: {}, takeNote: () => undefined },
        undo: () => Promise.resolve(undefined),
      };
      const wrapped = await wrap(names(copied), (_command, policy) => {
        policies.push(policy);
        return Promise.resolve(ready);
      });
      expect(policies.map(({ view }) => view !== undefined)).toEqual([isSeen]);
      if (wrapped.kind === 'ready') await wrapped.undo();
      expect(copies()).toEqual([]);
    },
  );
});
