import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { createSandboxFixture, onLinux, type SandboxFixture } from '../../support/sandbox-fixture.ts';

let fixture: SandboxFixture;

beforeEach(() => {
  fixture = createSandboxFixture();
});

afterEach(() => {
  fixture.remove();
});

function link(path: string, target: string): void {
  const at = join(fixture.project, path);
  mkdirSync(dirname(at), { recursive: true });
  symlinkSync(target, at);
}

const isEvil = (path: string): boolean => {
  const file = join(fixture.project, path);
  return existsSync(file) && readFileSync(file, 'utf8').includes('evil');
};

describe('what a link in a guarded folder leads to in the project', () => {
  for (const [what, at, target, file] of [
    ['the hooks of git', '.git/hooks', '../h', 'h/pre-commit'],
    ['one hook of git', '.git/hooks/pre-commit', '../../scripts/check.sh', 'scripts/check.sh'],
    ['a folder in that of an editor', '.vscode/sub', '../../project/conf', 'conf/deep/tasks.json'],
    ['a file in that of an editor', '.vscode/tasks.json', '../tasks.json', 'tasks.json'],
    ['a folder further down', 'sub/.claude/commands', '../../prompts', 'prompts/a.md'],
  ] as const) {
    onLinux(`cannot be changed: ${what} [SEC-2]`, async () => {
      fixture.write(`project/${file}`, 'as it was');
      link(at, target);
      const { stderr, undone } = await fixture.bash(`echo evil > ${file}; echo fine > other`);
      expect(stderr).toContain('Read-only file system');
      expect([isEvil(file), undone]).toEqual([false, undefined]);
      expect(readFileSync(join(fixture.project, 'other'), 'utf8')).toBe('fine\n');
    });

    onLinux(`does not stay where the folder around it is another: ${what} [SEC-2]`, async () => {
      fixture.write(`project/top/${file}`, 'as it was');
      link(`top/${at}`, target.replace('project', 'top'));
      link('.idea/link', `../top/${file}`);
      const { undone } = await fixture.bash(
        `mv top away; mkdir -p top/${dirname(file)}; echo evil > top/${file}`,
      );
      expect(undone).toContain('.idea/link (now .idea/refused-');
      expect(isEvil('.idea/link')).toBe(false);
    });
  }

  onLinux('does not stay where it was not there [SEC-2]', async () => {
    link('.vscode/sub', '../conf');
    const { undone } = await fixture.bash('mkdir conf; echo evil > conf/tasks.json');
    expect(undone).toContain('.vscode/sub (now .vscode/refused-');
    expect(isEvil('.vscode/sub/tasks.json')).toBe(false);
  });

  onLinux('is followed through the links in it [SEC-2]', async () => {
    fixture.write('project/three/tasks.json', 'as it was');
    link('.vscode/sub', '../two');
    link('two/sub', '../three');
    await fixture.bash('echo evil > three/tasks.json');
    expect(isEvil('three/tasks.json')).toBe(false);
  });

  onLinux('is compared where it cannot be mounted [SEC-2]', async () => {
    await fixture.bash(String.raw`mkdir $'con\xfff'; echo fine > $'con\xfff/tasks.json'`);
    const raw = Buffer.from('../con\xfff', 'latin1');
    mkdirSync(join(fixture.project, '.vscode'));
    symlinkSync(raw, join(fixture.project, '.vscode/sub'));
    expect((await fixture.bash('echo fine > other')).undone).toBeUndefined();
    const { undone } = await fixture.bash(String.raw`echo evil > $'con\xfff/tasks.json'`);
    expect(undone).toContain('.vscode/sub (now .vscode/refused-');
  });

  onLinux('may be changed where that is the project itself [SEC-2]', async () => {
    link('.vscode/project', '..');
    const { exitCode, undone } = await fixture.bash('echo fine > other');
    expect([exitCode, undone]).toEqual([0, undefined]);
  });

  onLinux('may be changed where packages lead to it [SEC-2]', async () => {
    link('.vscode/node_modules/a', '../../a');
    mkdirSync(join(fixture.project, 'a'));
    const { exitCode, undone } = await fixture.bash('echo fine > a/index.js');
    expect([exitCode, undone]).toEqual([0, undefined]);
  });
});
