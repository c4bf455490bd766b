import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../kernel/errors.ts';

/** What runs later and outside, or decides what does, wherever in a project it lies; upper and lower case alike. */
const guardedNames = new Set(
  [
    ['.git', '.gitconfig', '.gitmodules', '.husky', '.claude', '.codex', '.codexplus', '.mcp.json'],
    ['.vscode', '.idea', '.devcontainer', '.cursor', '.envrc', '.direnv', '.npmrc', '.yarnrc', '.yarnrc.yml'],
    ['.bashrc', '.bash_profile', '.bash_login', '.bash_logout', '.profile'],
    ['.zshrc', '.zshenv', '.zprofile', '.zlogin', '.zlogout'],
  ].flat(),
);

/** In a `.git` that may be changed. */
const guardedInGit = ['hooks', 'config', 'config.worktree', 'commondir'];

/** Packages bring such names along, and all of what is in it runs anyway. */
const passedOver = new Set(['node_modules']);

/** A walk beyond this is not worth its time; what lies deepest is left out. */
const maxFolders = 10_000;
const maxDepth = 32;
const foldersAtOnce = 32;

export interface GuardedPaths {
  /** What each one was, by its path. It changes when the file is replaced or written to. */
  readonly states: ReadonlyMap<string, string>;
  /** Whether every folder was looked into. */
  readonly isWhole: boolean;
}

/** Finds what is guarded in a project, the outermost first. Links are not followed. */
export async function findGuarded(workspace: string): Promise<GuardedPaths> {
  const states = new Map<string, string>();
  let folders: readonly string[] = [workspace];
  let looked = 0;
  for (let depth = 0; folders.length > 0; depth++) {
    if (depth > maxDepth || looked + folders.length > maxFolders) return { states, isWhole: false };
    looked += folders.length;
    const looks = await lookIntoAll(folders);
    for (const [path, state] of looks.flatMap(({ guarded }) => guarded)) states.set(path, state);
    folders = looks.flatMap(({ inside }) => inside);
  }
  return { states, isWhole: true };
}

async function lookIntoAll(folders: readonly string[]): Promise<readonly Look[]> {
  const looks: Look[] = [];
  for (let from = 0; from < folders.length; from += foldersAtOnce) {
    looks.push(...(await Promise.all(folders.slice(from, from + foldersAtOnce).map(lookInto))));
  }
  return looks;
}

interface Look {
  readonly guarded: readonly (readonly [path: string, state: string])[];
  /** The folders to be looked into next. */
  readonly inside: readonly string[];
}

async function lookInto(folder: string): Promise<Look> {
  const entries = await orNothing(readdir(folder, { withFileTypes: true }));
  if (entries === undefined) return { guarded: [], inside: [] };
  const bare = isBareRepository(entries) ? ['HEAD'] : [];
  const names = entries.map(({ name }) => name).filter((name) => guardedNames.has(name.toLowerCase()));
  const paths = [...names, ...bare].flatMap((name) =>
    name.toLowerCase() === '.git' ? [name, ...guardedInGit.map((inner) => join(name, inner))] : [name],
  );
  const guarded = await Promise.all(
    paths.map(async (name) => {
      const path = join(folder, name);
      const stats = await orNothing(lstat(path));
      return stats === undefined ? [] : [[path, stateOf(stats)] as const];
    }),
  );
  const inside = entries.filter(
    (entry) =>
      entry.isDirectory() && !passedOver.has(entry.name) && !guardedNames.has(entry.name.toLowerCase()),
  );
  return { guarded: guarded.flat(), inside: inside.map(({ name }) => join(folder, name)) };
}

/** Git takes a folder with these for a repository, with a configuration that names programs. */
function isBareRepository(entries: readonly Dirent[]): boolean {
  return ['HEAD', 'objects', 'refs'].every((name) => entries.some((entry) => entry.name === name));
}

/** A folder's own times change with every file in it, which may be of no matter. */
function stateOf(stats: Stats): string {
  const { dev, ino, mode, size, mtimeMs } = stats;
  return stats.isDirectory() ? `folder ${dev}:${ino}` : `${mode} ${dev}:${ino}:${size}:${mtimeMs}`;
}

async function orNothing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return undefined;
  }
}
