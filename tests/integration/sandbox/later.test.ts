import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
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

const shown = (told: string | undefined): string => (told ?? '').replace(/refused-[0-9a-f]{8}/g, 'refused-…');

describe('what would run later, outside, and is not there yet', () => {
  for (const [what, line, path] of [
    ['hooks of a repository', 'mkdir -p .git/hooks; echo x > .git/hooks/pre-commit', '.git'],
    ['a repository behind a file', 'echo "gitdir: elsewhere" > .git', '.git'],
    ['hooks of husky', 'mkdir .husky; echo x > .husky/pre-commit', '.husky'],
    ['tasks of an editor', 'mkdir .vscode; echo {} > .vscode/tasks.json', '.vscode'],
    ['settings of Claude Code', 'mkdir .claude; echo {} > .claude/settings.json', '.claude'],
    ['settings of Codex', 'mkdir .codex; echo x > .codex/config.toml', '.codex'],
    ['settings of ours', 'mkdir .codexplus; echo {} > .codexplus/settings.json', '.codexplus'],
    ['MCP servers', 'echo {} > .mcp.json', '.mcp.json'],
    ['a link to settings', 'mkdir harmless; ln -s harmless .claude', '.claude'],
    ['what the shell reads', 'echo x > .envrc', '.envrc'],
    ['another case, which some disks do not tell apart', 'mkdir .Git', '.Git'],
    [
      'settings further down',
      'mkdir -p sub/deep/.claude; echo {} > sub/deep/.claude/settings.json',
      'sub/deep/.claude',
    ],
    ['a folder moved to such a name', 'mkdir -p cfg; echo {} > cfg/settings.json; mv cfg .claude', '.claude'],
    ['a bare repository', 'mkdir -p x/objects x/refs; echo ref: refs/heads/a > x/HEAD', 'x/HEAD'],
  ] as const) {
    onLinux(`is moved away and told: ${what} [SEC-2]`, async () => {
      const result = await fixture.bash(`${line}; echo kept > kept`);
      expect(result.exitCode).toBe(0);
      expect(existsSync(join(fixture.project, path))).toBe(false);
      const [, folder = '', name = ''] = /^(.*\/)?([^/]+)$/.exec(path) ?? [];
      const aside = `${folder}refused-…${name.startsWith('.') ? name : `.${name}`}`;
      expect(shown(result.undone)).toBe(
        `it made what would run later, outside the sandbox: ${path} (now ${aside})`,
      );
      expect(readFileSync(join(fixture.project, 'kept'), 'utf8')).toBe('kept\n');
    });
  }

  onLinux('does not run at the next git status [SEC-2]', async () => {
    const marker = join(fixture.home, 'ran');
    const git = (args: readonly string[]) =>
      run({
        ...{ file: 'git', args, cwd: fixture.project, timeoutMs: 10_000, maxOutputLength: 10_000 },
        env: { PATH: process.env['PATH'], HOME: fixture.home },
        signal: new AbortController().signal,
      });
    await fixture.bash(
      `git init -q . && git config core.fsmonitor 'touch ${marker}; false'; git init -q nested && git -C nested config core.fsmonitor 'touch ${marker}; false'`,
    );
    await git(['status']);
    await git(['-C', 'nested', 'status']);
    expect(existsSync(marker)).toBe(false);
  });
});

describe('what would run later, outside, and is there', () => {
  onLinux('cannot be changed further down either [SEC-2]', async () => {
    const settings = fixture.write('project/sub/.claude/settings.json', 'as it was');
    const config = fixture.write('project/nested/.git/config', 'as it was');
    const { stderr, undone } = await fixture.bash(
      'echo evil > sub/.claude/settings.json; echo evil > nested/.git/config; rm -rf nested/.git',
    );
    expect(stderr.match(/Read-only file system|Device or resource busy/g)?.length).toBeGreaterThanOrEqual(3);
    expect([readFileSync(settings, 'utf8'), readFileSync(config, 'utf8')]).toEqual([
      'as it was',
      'as it was',
    ]);
    expect(undone).toBeUndefined();
  });

  onLinux('is moved away where it is a link that was replaced [SEC-2]', async () => {
    mkdirSync(join(fixture.project, 'shared'));
    symlinkSync('shared', join(fixture.project, '.claude'));
    const { undone } = await fixture.bash('rm .claude && mkdir .claude && echo evil > .claude/settings.json');
    expect(shown(undone)).toContain('.claude (now refused-….claude)');
  });

  onLinux(
    'may be changed where the policy names it, its configuration and hooks excepted [SEC-2]',
    async () => {
      fixture.write('project/.git/config', 'as it was');
      const policy = { writable: [fixture.project, join(fixture.project, '.git')] };
      const fine = await fixture.bash('echo x > .git/index && echo done', { policy });
      expect(fine).toMatchObject({ stdout: 'done', undone: undefined });
      const evil = await fixture.bash('mkdir .git/hooks; echo evil > .git/hooks/pre-commit', { policy });
      expect(shown(evil.undone)).toContain('.git/hooks (now .git/refused-….hooks)');
      expect(readdirSync(join(fixture.project, '.git')).sort()).toMatchObject([
        'config',
        'index',
        expect.any(String),
      ]);
    },
  );

  onLinux('of packages is theirs [SEC-2]', async () => {
    const { undone } = await fixture.bash('mkdir -p node_modules/a/.vscode && touch node_modules/a/.npmrc');
    expect(undone).toBeUndefined();
  });
});
