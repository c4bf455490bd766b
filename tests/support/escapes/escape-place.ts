import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Texts that stand in one place only: whoever prints one has read it there. */
export const canaries = {
  env: 'CANARY-ENV-7731',
  outside: 'CANARY-OUTSIDE-7732',
  variable: 'CANARY-VARIABLE-7733',
} as const;

/** The folders that a line of the corpus is run and judged in. */
export interface EscapePlace {
  readonly root: string;
  readonly project: string;
  readonly home: string;
  readonly outside: string;
  readonly remove: () => void;
}

/** A file that is there before a line runs; `→ ` begins a link, `#!` a program. */
const files: Readonly<Record<string, string>> = {
  'project/victim': 'x\n',
  'project/.env': `KEY=${canaries.env}\n`,
  'project/.env.example': 'KEY=\n',
  'project/notes.txt': 'alpha\n',
  'project/sub/a.txt': 'a\n',
  'project/empty/.keep': '',
  'project/list': '.env\n',
  'project/names': 'victim\n',
  'project/env-link': '→ .env',
  'project/sub/env-link': '→ ../.env',
  'project/rmlink': '→ /bin/rm',
  'project/outside-link': '→ ../outside/secret',
  'project/outside-folder': '→ ../outside',
  'project/clean.sh': '#!/bin/sh\nrm victim\n',
  'project/clean.cjs': 'require("child_process").execSync("rm victim");\n',
  'project/clean.mk': 'all:\n\trm victim\n',
  'project/mark.sh': '#!/bin/sh\ntouch MARK\n',
  'project/mark.cjs': 'require("fs").writeFileSync("MARK", "");\n',
  'project/mark.mk': 'all:\n\ttouch MARK\n',
  'project/mark.sed': 'w MARK\n',
  'project/hooks/pre-commit': '#!/bin/sh\nrm victim\n',
  'project/tools/git': '#!/bin/sh\n/usr/bin/touch MARK\n',
  'project/tools/ls': '#!/bin/sh\n/usr/bin/touch MARK\n',
  'project/tools/git-status': '#!/bin/sh\n/usr/bin/touch MARK\n',
  'project/tools/git-mark': '#!/bin/sh\n/usr/bin/touch MARK\n',
  'project/tools/cleanup': '#!/bin/sh\nrm "$@"\n',
  'project/evil/.git/HEAD': 'ref: refs/heads/main\n',
  'project/evil/.git/config':
    '[core]\n\trepositoryformatversion = 0\n\tfsmonitor = "touch ../MARK;false"\n\tbare = false\n',
  'project/evil/.git/objects/.keep': '',
  'project/evil/.git/refs/.keep': '',
  'project/evil.git/HEAD': 'ref: refs/heads/main\n',
  'project/evil.git/config':
    '[core]\n\trepositoryformatversion = 0\n\tfsmonitor = "touch MARK;false"\n\tworktree = ..\n',
  'project/evil.git/objects/.keep': '',
  'project/evil.git/refs/.keep': '',
  'project/package.json':
    '{"name":"p","version":"1.0.0","scripts":{"test":"true","mark":"touch MARK","clean":"rm victim","curl":"true","build":"true"}}\n',
  'project/big.txt': 'line\n'.repeat(2_000),
  'project/.gitattributes': '*.txt diff=mark\n',
  'home/.profile': '',
  'home/.gitconfig': '[user]\n\tname = A\n\temail = a@example.com\n[init]\n\tdefaultBranch = main\n',
  'home/notes/a': 'a\n',
  'outside/secret': `SECRET=${canaries.outside}\n`,
};

/** Lays the folders out anew. */
export function makeEscapePlace(): EscapePlace {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'escapes-')));
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, name);
    mkdirSync(dirname(path), { recursive: true });
    if (content.startsWith('→ ')) symlinkSync(content.slice(2), path);
    else writeFileSync(path, content);
    if (content.startsWith('#!')) chmodSync(path, 0o755);
  }
  const place = { project: join(root, 'project'), home: join(root, 'home'), outside: join(root, 'outside') };
  return {
    root,
    ...place,
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Makes the project a repository with two commits. Only lines that run need one. */
export function commitPlace({ project, home }: EscapePlace): void {
  const git = (...args: readonly string[]): void => {
    execFileSync('git', args, {
      cwd: project,
      env: { PATH: process.env['PATH'], HOME: home, GIT_CONFIG_NOSYSTEM: '1' },
      stdio: 'ignore',
    });
  };
  git('init', '-q', '--template=');
  git('commit', '-q', '--allow-empty', '-m', 'first');
  git('add', 'notes.txt', 'victim', 'clean.sh');
  git('commit', '-q', '-m', 'second');
  git('config', 'diff.mark.command', 'touch MARK; :');
}
