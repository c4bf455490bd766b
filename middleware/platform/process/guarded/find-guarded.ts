import { join, relative, sep } from 'node:path';
import { addAll } from '../../../kernel/bounds/add-all.ts';
import { codeOf } from '../../../kernel/errors.ts';
import { isGuardedName } from '../../../kernel/is-guarded-name.ts';
import { findGitNamed, type FoundRepository } from './find-git-named.ts';
import type { GitNamed } from './git-named.ts';
import { grownFolder } from './grown-folder.ts';
import { guardedState } from './guarded-state.ts';
import { readFolder, type FolderEntry } from './read-folder.ts';
import { realPath } from './real-path.ts';
import { isWithin } from './sandbox-mounts.ts';

/** What in a repository names programs, or where they are named. */
const guardedInGit = ['hooks', 'config', 'config.worktree', 'commondir'];

/** Packages bring such names along, and all of what is in it runs anyway. */
export const passedOver = 'node_modules';

/** A walk beyond this is not worth its time; what lies deepest is left out. */
const maxFolders = 10_000;
const maxDepth = 32;

/**
 * Of folders that a run made: what it made beyond the bounds is looked for once, some 20 µs each, and then nothing
 * more is run.
 */
const maxMade = 100_000;
const foldersAtOnce = 32;

/** Why a folder stays closed to us as long as nobody changes it; any other reason may pass, and is no trait of the folder. */
const closedCodes = ['EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG'];
const goneCodes = ['ENOENT', 'ENOTDIR'];

export interface GuardedPaths {
  /** What each one is, by its escaped path, the outermost first. It changes when it is replaced, or a file written to. */
  readonly states: ReadonlyMap<string, string>;
  /** Down to which depth every folder was looked into, within the bounds of a look before a run; endless where all were. */
  readonly wholeTo: number;
  /** The folders that were looked into. */
  readonly folders: ReadonlySet<string>;
  /** Where a run made so many folders that the next look is less whole than the one before it. */
  readonly grown: string | undefined;
  /** What git's configuration names as code, there or not. */
  readonly named: readonly GitNamed[];
  readonly areNamesWhole: boolean;
}

interface Walk extends Pick<GuardedPaths, 'states' | 'wholeTo' | 'folders'> {
  readonly repositories: readonly FoundRepository[];
  /** By the run, as far as they were looked into. */
  readonly made: readonly string[];
}

/**
 * Finds what is guarded in a project: by its name, or because git's configuration names it. After a run, what was
 * found `before` it says which folders are new.
 */
export async function findGuarded(
  workspace: string,
  homeDir: string,
  before?: GuardedPaths,
): Promise<GuardedPaths> {
  const { states, repositories, folders, wholeTo, made } = await walk(workspace, before);
  const git = await findGitNamed(repositories, { workspace, homeDir, states, before: before?.named ?? [] });
  return {
    states: new Map([...git.states, ...states]),
    wholeTo,
    folders,
    grown: wholeTo < (before?.wholeTo ?? 0) ? grownFolder(workspace, made) : undefined,
    named: git.named,
    areNamesWhole: git.isWhole,
  };
}

/**
 * A folder that we may not look into is guarded itself. Links are not followed, but for those to folders that are
 * passed over where they lie. After a run, all folders that were looked into before it are looked into again,
 * whatever was made beside them, and none that were there and were not.
 */
async function walk(workspace: string, before: GuardedPaths | undefined): Promise<Walk> {
  const found: Found = { states: new Map(), repositories: [], folders: new Set(), linked: new Set() };
  const made: string[] = [];
  const deepest = before?.wholeTo ?? Infinity;
  let wholeTo = Infinity;
  let level: readonly string[] = [workspace];
  for (let depth = 0; level.length > 0; depth++) {
    const isTooMuch = depth > maxDepth || found.folders.size + level.length > maxFolders;
    if (isTooMuch || depth > deepest) wholeTo = Math.min(wholeTo, depth - 1);
    if (before === undefined ? isTooMuch : depth > deepest) break;
    const some = toLookInto(level, before, made);
    const looks = await lookIntoAll(some, workspace);
    const hasFailed = looks.some(({ failed }) => failed);
    if (hasFailed) wholeTo = Math.min(wholeTo, depth - 1);
    level = add(some, looks, found);
    if (before === undefined && hasFailed) break;
  }
  return { ...found, wholeTo, made };
}

interface Found {
  readonly states: Map<string, string>;
  readonly repositories: FoundRepository[];
  readonly folders: Set<string>;
  readonly linked: Set<string>;
}

/** Adds what was found in some folders, and gives the folders in them. */
function add(some: readonly string[], looks: readonly Look[], found: Found): readonly string[] {
  for (const folder of some) found.folders.add(folder);
  for (const { guarded, repositories } of looks) {
    for (const [path, state] of guarded) found.states.set(path, state);
    addAll(found.repositories, repositories);
  }
  const links = looks.flatMap((look) => look.links).filter(({ target }) => !found.linked.has(target));
  for (const { target } of links) found.linked.add(target);
  return [...looks.flatMap(({ inside }) => inside), ...links.map(({ path }) => path)];
}

/** All of a level; after a run what it made up to a bound, which is added to those made. */
function toLookInto(
  level: readonly string[],
  before: GuardedPaths | undefined,
  made: string[],
): readonly string[] {
  if (before === undefined) return level;
  const { folders } = before;
  const known = level.filter((folder) => folders.has(folder));
  const fresh = level.filter((folder) => !folders.has(folder)).slice(0, maxMade - made.length);
  for (const folder of fresh) made.push(folder);
  return [...known, ...fresh];
}

async function lookIntoAll(folders: readonly string[], workspace: string): Promise<readonly Look[]> {
  const looks: Look[] = [];
  for (let from = 0; from < folders.length; from += foldersAtOnce) {
    const some = folders.slice(from, from + foldersAtOnce);
    addAll(looks, await Promise.all(some.map((folder) => lookInto(folder, workspace))));
  }
  return looks;
}

interface Look {
  readonly guarded: readonly (readonly [path: string, state: string])[];
  readonly repositories: readonly FoundRepository[];
  /** The folders to be looked into next. */
  readonly inside: readonly string[];
  readonly links: readonly Link[];
  /** For a reason that may pass. */
  readonly failed?: boolean;
}

interface Link {
  readonly path: string;
  readonly target: string;
}

const nothing: Look = { guarded: [], repositories: [], inside: [], links: [] };

async function lookInto(folder: string, workspace: string): Promise<Look> {
  let entries: readonly FolderEntry[];
  try {
    entries = await readFolder(folder);
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    if (goneCodes.includes(code)) return nothing;
    if (!closedCodes.includes(code)) return { ...nothing, failed: true };
    return { ...nothing, guarded: [[folder, `closed ${code}`]] };
  }
  const guarded = await Promise.all(
    guardedIn(entries).map(async (name) => {
      const path = join(folder, name);
      const state = await guardedState(path, workspace);
      return state === undefined ? [] : [[path, state] as const];
    }),
  );
  const others = entries.filter(({ name }) => name !== passedOver && !isGuardedName(name));
  const links = await Promise.all(
    others
      .filter((entry) => entry.isSymbolicLink())
      .map(({ name }) => passedOverBehind(join(folder, name), workspace)),
  );
  return {
    guarded: guarded.flat(),
    repositories: repositoriesIn(folder, entries),
    inside: others.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name)),
    links: links.flat(),
  };
}

/** The names in a folder, from there. */
function guardedIn(entries: readonly FolderEntry[]): readonly string[] {
  const names = entries.map(({ name }) => name);
  const own = names
    .filter(isGuardedName)
    .flatMap((name) => (isDotGit(name) ? [name, ...guardedInGit.map((inner) => join(name, inner))] : [name]));
  const parts = [...(isBareRepository(names) ? ['head', ...guardedInGit] : [])];
  return [...own, ...names.filter((name) => parts.includes(name.toLowerCase()))];
}

function repositoriesIn(folder: string, entries: readonly FolderEntry[]): readonly FoundRepository[] {
  const names = entries.map(({ name }) => name);
  return [
    ...names.filter(isDotGit).map((name) => ({ path: join(folder, name), isBare: false })),
    ...(isBareRepository(names) ? [{ path: folder, isBare: true }] : []),
  ];
}

function isDotGit(name: string): boolean {
  return name.toLowerCase() === '.git';
}

/** Git takes a folder with these for a repository, with a configuration that names programs. */
function isBareRepository(names: readonly string[]): boolean {
  const has = (wanted: string): boolean => names.some((name) => name.toLowerCase() === wanted);
  return has('head') && (has('commondir') || (has('objects') && has('refs')));
}

/** A link that makes a part of the project of a folder that is passed over where it lies. */
async function passedOverBehind(path: string, workspace: string): Promise<readonly Link[]> {
  const target = await realPath(path).catch(() => undefined);
  if (target === undefined || !isWithin(target, workspace)) return [];
  return relative(workspace, target).split(sep).includes(passedOver) ? [{ path, target }] : [];
}
