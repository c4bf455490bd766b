import { isAbsolute, join, resolve } from 'node:path';
import type { GitConfigEntry } from './git-config-entries.ts';
import type { GitRepository } from './git-repository.ts';
import { readGitConfig } from './read-git-config.ts';
import { isWithin } from './sandbox-mounts.ts';

/** What is set as code for a repository, by its path, which may not be there yet. */
export interface GitNamed {
  readonly path: string;
  /** Whether a folder there is meant with all that is in it, or only a file. */
  readonly isFolder: boolean;
}

/** Settings whose value is a folder with programs. */
const folders = /^(core\.hookspath|init\.templatedir)$/;

/**
 * Settings whose value is a program, or a line for a shell (git-config(1) and the manuals of what it is set for).
 * Those that take either a line or a word that means something else (`alias`, `core.fsmonitor`) are among them:
 * such a word is no path.
 */
const programs = new RegExp(
  [
    String.raw`^core\.(fsmonitor|sshcommand|editor|pager|askpass|gitproxy|alternaterefscommand)$`,
    String.raw`^(alias|pager)\..+$`,
    String.raw`^sequence\.editor$`,
    String.raw`^filter\..+\.(clean|smudge|process)$`,
    String.raw`^(diff\.external|diff\..+\.(command|textconv)|merge\..+\.driver)$`,
    String.raw`^((diff|merge|gui)tool|man|browser)\..+\.(cmd|path)$`,
    String.raw`^credential\.(.+\.)?helper$`,
    String.raw`^gpg\.(.+\.)?(program|defaultkeycommand)$`,
    String.raw`^(interactive\.difffilter|uploadpack\.packobjectshook|ssh\.variant)$`,
    String.raw`^trailer\..+\.(command|cmd)$`,
    String.raw`^(hook|tar)\..+\.command$`,
    String.raw`^remote\..+\.(uploadpack|receivepack)$`,
    String.raw`^submodule\..+\.update$`,
    String.raw`^sendemail\.(.+\.)?(smtpserver|sendmailcmd|tocmd|cccmd|headercmd)$`,
    String.raw`^lfs\.(customtransfer|extension)\..+\.(path|args|clean|smudge)$`,
  ].join('|'),
  's',
);

/** All that git may run as a hook (githooks(5)). */
const hooks = [
  ...['applypatch-msg', 'pre-applypatch', 'post-applypatch', 'pre-commit', 'pre-merge-commit'],
  ...['prepare-commit-msg', 'commit-msg', 'post-commit', 'pre-rebase', 'post-checkout', 'post-merge'],
  ...['pre-push', 'pre-receive', 'update', 'proc-receive', 'post-receive', 'post-update'],
  ...['reference-transaction', 'push-to-checkout', 'pre-auto-gc', 'post-rewrite', 'sendemail-validate'],
  ...['fsmonitor-watchman', 'p4-changelist', 'p4-prepare-changelist', 'p4-post-changelist', 'p4-pre-submit'],
  'post-index-change',
];

/** What the configuration of a repository, and that of the user and the machine, names as code to be run there. */
export async function gitNamed(
  repository: GitRepository,
  outer: readonly GitConfigEntry[],
  homeDir: string,
): Promise<readonly GitNamed[]> {
  const { workTree, gitDir, commonDir } = repository;
  const files = [commonDir, gitDir].flatMap((dir) => [`${dir}/config`, `${dir}/config.worktree`]);
  const { entries, included } = await readGitConfig(files, homeDir);
  const all = [...outer, ...entries];
  const trees = all.flatMap(({ name, value }) =>
    name === 'core.worktree' ? pathsOf(value, [gitDir], homeDir) : [],
  );
  const roots = [workTree, ...trees];
  const inFolders = all
    .filter(({ name }) => folders.test(name))
    .flatMap(({ value }) => pathsOf(value, [...roots, gitDir], homeDir))
    // Nothing could be changed any more where that is the work tree itself.
    .flatMap((path) => (isAround(path, repository) ? hooks.map((hook) => join(path, hook)) : [path]));
  const inLines = all
    .filter(({ name }) => programs.test(name))
    .flatMap(({ value }) => wordsOf(value))
    .flatMap((word) => pathsOf(word, roots, homeDir));
  return [
    ...[...files, ...included].map((path) => ({ path, isFolder: false })),
    ...[`${commonDir}/hooks`, ...inFolders].map((path) => ({ path, isFolder: true })),
    ...inLines.map((path) => ({ path, isFolder: false })),
  ];
}

function isAround(path: string, { workTree, gitDir }: GitRepository): boolean {
  return [workTree, gitDir].some((inner) => isWithin(resolve(inner), resolve(path)));
}

/** In a line, `$(git rev-parse --show-toplevel)/a` leaves `/a`, which is therefore looked for in the work tree as well. */
function pathsOf(value: string, roots: readonly string[], homeDir: string): readonly string[] {
  if (value === '' || value.includes('\0')) return [];
  if (value.startsWith('~/')) return [join(homeDir, value.slice(2))];
  const inRoots = roots.map((root) => `${root}/${value}`);
  return isAbsolute(value) ? [value, ...inRoots] : inRoots;
}

/** What in a line may be a path; a word of letters alone is looked for in `PATH`, or is an argument of another kind. */
function wordsOf(line: string): readonly string[] {
  return line.split(/[\s'"`;&|<>(){}=$!]+/).filter((word) => /[/.]/.test(word) && !word.includes('://'));
}
