import { dirname, resolve } from 'node:path';
import { gitNamed, type GitNamed } from './git-named.ts';
import { gitRepository } from './git-repository.ts';
import { guardedState, isFolderState } from './guarded-state.ts';
import { readGitConfig } from './read-git-config.ts';
import { realPath } from './real-path.ts';
import { isWithin } from './sandbox-mounts.ts';

/** Where git would find a repository. */
export interface FoundRepository {
  readonly path: string;
  readonly isBare: boolean;
}

interface Found {
  /** What each one that is there is, by its escaped path. */
  readonly states: ReadonlyMap<string, string>;
  /** All of them, there or not. */
  readonly named: readonly GitNamed[];
  readonly isWhole: boolean;
}

interface Search {
  readonly workspace: string;
  readonly homeDir: string;
  /** What is guarded by its name. */
  readonly states: ReadonlyMap<string, string>;
  /** What was named before: it counts although nothing may name it now. */
  readonly before: readonly GitNamed[];
}

/** Some 20 µs each. */
const maxNamed = 10_000;

/** What lies in the project and is named as code by what is set for the repositories in it, and for the one around it. */
export async function findGitNamed(repositories: readonly FoundRepository[], search: Search): Promise<Found> {
  const { workspace, homeDir, before, states: known } = search;
  const outer = await readGitConfig(
    ['/etc/gitconfig', `${homeDir}/.config/git/config`, `${homeDir}/.gitconfig`],
    homeDir,
  );
  const named = new Map(before.map((one) => [one.path, one]));
  let isWhole = true;
  for (const { path, isBare } of [...around(workspace), ...repositories]) {
    const own = await gitNamed(await gitRepository(path, isBare), outer.entries, homeDir);
    const others = [...included(outer.included), ...own].filter(({ path }) => !known.has(resolve(path)));
    for (const one of await inWorkspace(others, workspace)) {
      named.set(one.path, one);
    }
    isWhole = named.size <= maxNamed;
    if (!isWhole) break;
  }
  const states = new Map<string, string>();
  for (const { path, isFolder } of named.values()) {
    const state = await stateIn(workspace, path);
    if (state !== undefined && (isFolder || !isFolderState(state))) states.set(path, state);
  }
  return { states, named: [...named.values()], isWhole };
}

function included(paths: readonly string[]): readonly GitNamed[] {
  return paths.map((path) => ({ path, isFolder: false }));
}

/** The folder that is opened may be a part of a repository. */
function around(workspace: string): readonly FoundRepository[] {
  const parent = dirname(workspace);
  return parent === workspace ? [] : [{ path: resolve(parent, '.git'), isBare: false }, ...around(parent)];
}

/** As they are written and, behind links, as the system finds them. */
async function inWorkspace(named: readonly GitNamed[], workspace: string): Promise<readonly GitNamed[]> {
  const both = await Promise.all(
    named.map(async ({ path, isFolder }) => {
      const real = await realPath(path).catch(() => undefined);
      return [...new Set([resolve(path), ...(real === undefined ? [] : [real])])].map((one) => ({
        path: one,
        isFolder,
      }));
    }),
  );
  return both.flat().filter(({ path }) => path !== workspace && isWithin(path, workspace));
}

/** Behind a link that leads out of the project is nothing that a command could change. */
async function stateIn(workspace: string, path: string): Promise<string | undefined> {
  const folder = await realPath(dirname(path)).catch(() => undefined);
  return folder !== undefined && isWithin(folder, workspace) ? guardedState(path, workspace) : undefined;
}
