import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findGuarded } from '../../../middleware/platform/process/guarded/find-guarded.ts';
import { createSandboxFixture, onLinux, type SandboxFixture } from '../../support/sandbox-fixture.ts';

let fixture: SandboxFixture;

beforeEach(() => {
  fixture = createSandboxFixture();
});

afterEach(() => {
  fixture.remove();
});

const evil = (path: string): boolean => {
  const file = join(fixture.project, path);
  return existsSync(file) && readFileSync(file, 'utf8').includes('evil');
};

describe('what runs later and was put in another way', () => {
  for (const [what, line, path] of [
    [
      'in place of a folder that was moved to where nobody looks',
      'mkdir node_modules; mv sub node_modules/s; mkdir -p sub/.claude; echo evil > sub/.claude/settings.json',
      'sub/.claude/settings.json',
    ],
    [
      'in place of a folder two levels up',
      'mv top away; mkdir -p top/sub/.vscode; echo evil > top/sub/.vscode/tasks.json',
      'top/sub/.vscode/tasks.json',
    ],
    [
      'in place of a file whose folder was moved',
      'mv sub away; mkdir sub; echo evil > sub/.npmrc',
      'sub/.npmrc',
    ],
    [
      'in place of what a guarded link leads to',
      'mv linked away; mkdir -p linked/to; echo evil > linked/to/settings.json',
      'byLink/.claude/settings.json',
    ],
    [
      'where a guarded link led nowhere',
      'mkdir nowhere; echo evil > nowhere/settings.json',
      'dangling/.claude/settings.json',
    ],
    [
      'behind a link to where nobody looks',
      'mkdir -p node_modules/s/.claude; echo evil > node_modules/s/.claude/settings.json; ln -s node_modules/s app',
      'app/.claude/settings.json',
    ],
    [
      'in a repository without objects of its own',
      'mkdir -p x y/objects y/refs; echo ref: refs/heads/a > x/HEAD; echo ../y > x/commondir; echo evil > x/config',
      'x/HEAD',
    ],
    [
      'under a name that a disk folds',
      'mkdir sub/.vſcode; echo evil > sub/.vſcode/tasks.json',
      'sub/.vſcode/tasks.json',
    ],
    [
      'under a name with what is not seen',
      "mkdir $'sub/.g\\u200cit'; echo evil > $'sub/.g\\u200cit/config'",
      'sub/.g\u200cit/config',
    ],
    ['in the configuration of a bare repository', 'echo evil >> bare.git/config', 'bare.git/config'],
  ] as const) {
    onLinux(`does not stay: ${what} [SEC-2]`, async () => {
      for (const file of ['sub/.claude/settings.json', 'sub/.npmrc', 'top/sub/.vscode/tasks.json']) {
        fixture.write(`project/${file}`, 'as it was');
      }
      for (const file of [
        'linked/to/settings.json',
        'bare.git/config',
        'bare.git/refs/a',
        'bare.git/objects/a',
      ]) {
        fixture.write(`project/${file}`, 'as it was');
      }
      fixture.write('project/bare.git/HEAD', 'ref: refs/heads/a');
      for (const [folder, target] of [
        ['byLink', '../linked/to'],
        ['dangling', '../nowhere'],
      ] as const) {
        mkdirSync(join(fixture.project, folder));
        symlinkSync(target, join(fixture.project, folder, '.claude'));
      }
      const { undone } = await fixture.bash(line);
      expect(evil(path)).toBe(false);
      expect(existsSync(join(fixture.project, 'x', 'HEAD'))).toBe(false);
      if (!path.startsWith('bare')) expect(undone).toContain('it made what would run later');
    });
  }

  onLinux('is told where it was only moved away [SEC-2]', async () => {
    fixture.write('project/sub/.npmrc', 'ignore-scripts=true');
    const { undone } = await fixture.bash('mkdir node_modules; mv sub node_modules/');
    expect(undone).toContain('sub/.npmrc (moved elsewhere or removed)');
  });

  onLinux('does not stay where its time was set back [SEC-2]', async () => {
    for (let index = 0; index < 201; index++) fixture.write(`project/p${index}/.npmrc`, 'a=1');
    const { undone } = await fixture.bash(
      'for f in p*/.npmrc; do touch -r $f ref; printf b=2 > $f && touch -r ref $f; done 2>/dev/null',
    );
    expect(undone).toContain('.npmrc (now ');
    const folders = readdirSync(fixture.project).filter((name) => name.startsWith('p'));
    expect(folders.some((name) => evilOf(join(name, '.npmrc')))).toBe(false);
  });
});

function evilOf(path: string): boolean {
  const file = join(fixture.project, path);
  return existsSync(file) && readFileSync(file, 'utf8').includes('b=2');
}

describe('more of it than can be mounted', () => {
  onLinux('is compared by what is in it [SEC-2]', async () => {
    for (let index = 0; index < 230; index++) fixture.write(`project/p${index}/.vscode/a/tasks.json`, '{}');
    const { undone } = await fixture.bash('for i in p*; do echo evil > $i/.vscode/a/tasks.json; done');
    expect(undone).toMatch(/\.vscode \(now .*and 25 more$/);
    for (let index = 0; index < 230; index++) expect(evil(`p${index}/.vscode/a/tasks.json`)).toBe(false);
    expect((await fixture.bash('echo fine')).undone).toBeUndefined();
  });

  onLinux('is refused where that is too much [SEC-2]', async () => {
    for (let index = 0; index < 200; index++) {
      mkdirSync(join(fixture.project, `p${index}/.vscode`), { recursive: true });
    }
    const last = join(fixture.project, 'deep/er/.vscode');
    mkdirSync(last, { recursive: true });
    for (let index = 0; index <= 20_000; index++) writeFileSync(join(last, `${index}`), '');
    await expect(fixture.bash('echo fine')).rejects.toThrow(
      'the project has more than 200 files and folders that run later',
    );
  });
});

/** Root may look into every folder. */
const unlessRoot = process.getuid?.() === 0 ? test.skip : test;

describe('a folder that cannot be looked into', () => {
  onLinux('is told with what is to be done [SEC-2]', async () => {
    const name = 'n'.repeat(250);
    const { undone } = await fixture.bash(
      `for i in {1..20}; do mkdir ${name}; cd ${name}; done; mkdir .claude; echo evil > .claude/settings.json`,
    );
    expect(undone).toMatch(/: n{200}… \(it could not be moved away, ENAMETOOLONG: remove it\)$/);
  });

  onLinux('is looked into where its name is no UTF-8, also when it was there before [SEC-2]', async () => {
    const first = await fixture.bash("mkdir -p $'x\\xffy/.claude'");
    expect(first.undone).toMatch(/: x\ufffdy\/\.claude \(now x\ufffdy\/refused-[0-9a-f]{8}\.claude\)$/);
    const second = await fixture.bash("mkdir -p $'x\\xffy/é/\\xfe/.claude'");
    expect(second.undone).toMatch(/: x\ufffdy\/é\/\ufffd\/\.claude \(now /);
    expect((await fixture.bash('ls -dA x*/.claude x*/*/*/.claude')).stdout).toBe('');
  });

  onLinux('is compared by what is in it where its name is no UTF-8 [SEC-2]', async () => {
    fixture.write('project/a/.vscode/tasks.json', '{}');
    renameSync(join(fixture.project, 'a'), Buffer.from(`${fixture.project}/x\xffy`, 'latin1'));
    const { undone } = await fixture.bash('echo evil > x*/.vscode/tasks.json');
    expect(undone).toMatch(/: x\ufffdy\/\.vscode \(now x\ufffdy\/refused-[0-9a-f]{8}\.vscode\)$/);
  });

  unlessRoot('is guarded itself [SEC-2]', async () => {
    const path = join(fixture.project, 'sub');
    mkdirSync(path, { mode: 0o311 });
    expect((await findGuarded(fixture.project, fixture.home)).states.get(path)).toBe('closed EACCES');
  });
});
