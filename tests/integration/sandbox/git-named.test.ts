import { execFileSync } from 'node:child_process';
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

function git(...args: readonly string[]): void {
  execFileSync('git', args, {
    cwd: fixture.project,
    env: { PATH: process.env['PATH'], HOME: fixture.home, GIT_CONFIG_NOSYSTEM: '1' },
    stdio: 'ignore',
  });
}

const isEvil = (path: string): boolean => {
  const file = join(fixture.project, path);
  return existsSync(file) && readFileSync(file, 'utf8').includes('evil');
};

/** What names a file, and the file; its folder is made when it is there before. */
const cases: readonly (readonly [what: string, name: () => void, file: string])[] = [
  [
    'hooks',
    () => {
      git('config', 'core.hooksPath', 'githooks');
    },
    'githooks/pre-commit',
  ],
  [
    'hooks with a slash behind',
    () => {
      git('config', 'core.hooksPath', './tools/hooks/');
    },
    'tools/hooks/pre-commit',
  ],
  [
    'hooks in the work tree itself',
    () => {
      git('config', 'core.hooksPath', '.');
    },
    'pre-commit',
  ],
  [
    'hooks by their whole path',
    () => {
      git('config', 'core.hooksPath', join(fixture.project, 'githooks'));
    },
    'githooks/pre-push',
  ],
  [
    'hooks from the home folder',
    () => {
      git('config', 'core.hooksPath', '~/project/githooks');
    },
    'githooks/pre-push',
  ],
  [
    'hooks that the user set for all projects',
    () => {
      git('config', '--global', 'core.hooksPath', 'githooks');
    },
    'githooks/pre-push',
  ],
  [
    'hooks of one work tree',
    () => {
      git('config', 'extensions.worktreeConfig', 'true');
      git('config', '--worktree', 'core.hooksPath', 'githooks');
    },
    'githooks/pre-commit',
  ],
  [
    'hooks in a file that is included, whatever for',
    () => {
      git('config', 'includeIf.onbranch:x.path', '../conf/git');
      fixture.write('project/conf/git', '[include]\npath = more\n');
      fixture.write('project/conf/more', '[core]\nhooksPath = githooks\n');
    },
    'githooks/pre-commit',
  ],
  [
    'a file that is included',
    () => {
      git('config', 'include.path', '../conf/git');
    },
    'conf/git',
  ],
  [
    'a watcher of files',
    () => {
      git('config', 'core.fsmonitor', 'tools/watch.sh');
    },
    'tools/watch.sh',
  ],
  [
    'a filter',
    () => {
      git('config', 'filter.x.clean', "python3 'tools/clean.py' %f");
    },
    'tools/clean.py',
  ],
  [
    'what shows differences',
    () => {
      git('config', 'diff.external', './show');
    },
    'show',
  ],
  [
    'an alias',
    () => {
      git('config', 'alias.x', '!"$(git rev-parse --show-toplevel)/tools/x.sh"');
    },
    'tools/x.sh',
  ],
  [
    'hooks of a repository further down',
    () => {
      git('init', '-q', 'sub');
      git('-C', 'sub', 'config', 'core.hooksPath', 'githooks');
    },
    'sub/githooks/pre-commit',
  ],
  [
    'hooks of a work tree whose repository lies elsewhere',
    () => {
      const elsewhere = join(fixture.home, 'elsewhere');
      git('init', '-q', elsewhere);
      git(
        '-C',
        elsewhere,
        '-c',
        'user.name=a',
        '-c',
        'user.email=a@b',
        'commit',
        '--allow-empty',
        '-qm',
        'a',
      );
      git('-C', elsewhere, 'config', 'core.hooksPath', 'githooks');
      git('-C', elsewhere, 'worktree', 'add', '-q', join(fixture.project, 'tree'));
    },
    'tree/githooks/pre-commit',
  ],
  [
    'hooks of a repository whose folder is another',
    () => {
      git('init', '-q', '--separate-git-dir', 'stored', 'sub');
      git('-C', 'sub', 'config', 'core.hooksPath', 'githooks');
    },
    'sub/githooks/pre-commit',
  ],
];

describe('what the configuration of git names as code in the project', () => {
  for (const [what, name, file] of cases) {
    onLinux(`cannot be changed: ${what} [SEC-2]`, async () => {
      git('init', '-q');
      name();
      fixture.write(`project/${file}`, 'as it was');
      const { stderr, undone } = await fixture.bash(`echo evil > ${file}; echo fine > other`);
      expect(stderr).toContain('Read-only file system');
      expect([isEvil(file), undone]).toEqual([false, undefined]);
      expect(readFileSync(join(fixture.project, 'other'), 'utf8')).toBe('fine\n');
    });

    onLinux(`does not stay where it was not there: ${what} [SEC-2]`, async () => {
      git('init', '-q');
      name();
      const { undone } = await fixture.bash(`mkdir -p ${dirname(file)}; echo evil > ${file}`);
      expect(undone).toContain('it made what would run later, outside the sandbox');
      expect(isEvil(file)).toBe(false);
    });
  }

  onLinux('does not stay where a folder around it was moved [SEC-2]', async () => {
    git('init', '-q');
    git('config', 'core.hooksPath', 'tools/hooks');
    fixture.write('project/tools/hooks/pre-commit', 'as it was');
    const { undone } = await fixture.bash(
      'mv tools away; mkdir -p tools/hooks; echo evil > tools/hooks/pre-commit',
    );
    expect(undone).toContain('tools/hooks (now tools/refused-');
    expect(isEvil('tools/hooks/pre-commit')).toBe(false);
  });

  onLinux('does not stay where what names it was moved with it [SEC-2]', async () => {
    git('init', '-q', 'sub');
    git('-C', 'sub', 'config', 'core.hooksPath', 'githooks');
    const { undone } = await fixture.bash(
      'mv sub away; mkdir -p sub/githooks; echo evil > sub/githooks/pre-commit',
    );
    expect(undone).toContain('sub/githooks (now sub/refused-');
    expect(isEvil('sub/githooks/pre-commit')).toBe(false);
  });

  onLinux('cannot be changed through a link to it [SEC-2]', async () => {
    git('init', '-q');
    git('config', 'core.hooksPath', 'githooks');
    fixture.write('project/tools/hooks/pre-commit', 'as it was');
    symlinkSync('tools/hooks', join(fixture.project, 'githooks'));
    await fixture.bash('echo evil > tools/hooks/pre-commit');
    expect(isEvil('githooks/pre-commit')).toBe(false);
  });

  onLinux('cannot be changed where the project is a folder of a repository [SEC-2]', async () => {
    git('init', '-q');
    git('config', 'core.hooksPath', 'part/hooks');
    fixture.write('project/part/hooks/pre-commit', 'as it was');
    const part = join(fixture.project, 'part');
    const { stderr } = await fixture.bash('echo evil > part/hooks/pre-commit', {
      policy: { workspace: part, writable: [part] },
    });
    expect(stderr).toContain('Read-only file system');
  });

  onLinux('is no word that only looks like a path, nor what lies outside [SEC-2]', async () => {
    git('init', '-q');
    git('config', 'core.pager', 'less');
    git('config', 'alias.x', '!cd src/sub && make');
    git('config', 'remote.origin.url', './other');
    git('config', 'core.hooksPath', join(fixture.home, 'hooks'));
    mkdirSync(join(fixture.project, 'src/sub'), { recursive: true });
    const { exitCode, undone } = await fixture.bash(
      'echo a > less; echo a > src/sub/a; echo a > other; echo a > make',
    );
    expect([exitCode, undone]).toEqual([0, undefined]);
  });

  onLinux('hinders nothing where it is a pipe that nobody writes to [SEC-2]', async () => {
    git('init', '-q');
    git('config', 'include.path', '../pipe');
    execFileSync('mkfifo', [join(fixture.project, 'pipe')]);
    expect((await fixture.bash('echo fine')).stdout).toBe('fine');
  });
});
