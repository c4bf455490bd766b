import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest } from '@jest/globals';
import { createSandboxFixture, onLinux, type SandboxFixture } from '../../support/sandbox-fixture.ts';

// Ten thousand folders are made and looked through, beside other tests.
jest.setTimeout(120_000);

let fixture: SandboxFixture;

beforeEach(() => {
  fixture = createSandboxFixture();
});

afterEach(() => {
  fixture.remove();
});

const isThere = (path: string): boolean => existsSync(join(fixture.project, path));
const makeMany = (folder: string): string =>
  `mkdir -p ${folder}; cd ${folder}; seq 10050 | xargs mkdir; cd ~-`;

function makeManyOurselves(folder: string): void {
  for (let index = 0; index < 10_050; index++) {
    mkdirSync(join(fixture.project, folder, `${index}`), { recursive: true });
  }
}

describe('a command that makes more folders than can be looked through', () => {
  for (const [what, line, folder] of [
    ['beside each other', makeMany('.'), '.'],
    ['in a folder of their own', makeMany('pkg/many'), 'pkg/many'],
    ['inside each other', 'p=a; for i in {1..40}; do p=$p/d; done; mkdir -p $p', 'a'],
  ] as const) {
    onLinux(`is told where they are, and keeps nothing that it put there: ${what} [SEC-2]`, async () => {
      fixture.write('project/pkg/deep/inner/a', 'as it was');
      const deepest = what === 'inside each other' ? '$p' : `${folder}/5`;
      const { undone } = await fixture.bash(
        `${line}; mkdir ${deepest}/.vscode .idea pkg/deep/inner/.claude; echo evil > ${deepest}/.vscode/tasks.json`,
      );
      expect(undone).toContain(
        `it made so many folders in ${folder} that not all of the project can be looked into: remove them`,
      );
      expect(undone).toContain('it made what would run later, outside the sandbox: .idea (now refused-');
      expect(undone).toContain('/.vscode (now ');
      expect(['.idea', 'pkg/deep/inner/.claude', `${folder}/5/.vscode`].filter(isThere)).toEqual([]);
    });
  }

  onLinux('is the last that is run until they are gone [SEC-2]', async () => {
    await fixture.bash(makeMany('many'));
    await expect(fixture.bash('mkdir -p sub/.vscode')).rejects.toThrow(
      'a command made so many folders in many that not all of the project can be looked into',
    );
    expect((await fixture.bash('echo read', { policy: { writable: [] } })).stdout).toBe('read');
    rmSync(join(fixture.project, 'many'), { recursive: true });
    const { undone } = await fixture.bash('mkdir -p sub/.vscode');
    expect(undone).toContain('sub/.vscode (now ');
  });

  onLinux('is told to another that began when they were there already [SEC-2]', async () => {
    const wrap = async (line: string) => {
      const wrapped = await fixture.sandbox().wrap({ file: 'bash', args: ['-c', line] }, fixture.policy());
      if (wrapped.kind === 'refused') throw new Error(wrapped.reason);
      return wrapped;
    };
    const growing = await wrap('');
    makeManyOurselves('many');
    const other = await wrap('');
    expect(await growing.undo()).toContain('so many folders in many');
    expect(await other.undo()).toContain('it ran beside another command, which made so many folders in many');
  });
});

describe('a project that was large before', () => {
  onLinux(
    'keeps its commands running, and what lies deep in it when they make it smaller [SEC-2]',
    async () => {
      makeManyOurselves('many');
      fixture.write('project/pkg/deep/.vscode/tasks.json', '{}');
      const { exitCode, undone } = await fixture.bash('rm -rf many');
      expect([exitCode, undone]).toEqual([0, undefined]);
      expect(isThere('pkg/deep/.vscode/tasks.json')).toBe(true);
    },
  );

  onLinux('may not grow so that less of it can be looked into [SEC-2]', async () => {
    makeManyOurselves('many/more');
    const { undone } = await fixture.bash(`${makeMany('.')}; mkdir 5/.vscode many/.vscode`);
    expect(undone).toContain('it made so many folders in . that');
    expect(['5/.vscode', 'many/.vscode'].filter(isThere)).toEqual([]);
    await expect(fixture.bash('echo fine')).rejects.toThrow('a command made so many folders in .');
  });
});
