import { randomBytes } from 'node:crypto';
import { rename } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { codeOf } from '../../../kernel/errors.ts';
import { findGuarded, type GuardedPaths } from './find-guarded.ts';
import { guardedContents } from './guarded-contents.ts';
import { guardedState } from './guarded-state.ts';
import { movedAway } from './moved-away.ts';
import { overgrown } from './overgrown.ts';
import { rawPath } from './raw-path.ts';
import { isWithin } from './sandbox-mounts.ts';

/** A workspace before a command ran in it. */
export interface GuardedWorkspace {
  /** Without symbolic links. */
  readonly workspace: string;
  readonly homeDir: string;
  readonly before: GuardedPaths;
  /** The number of the next move of `movedAway` before that. */
  readonly since: number;
  /** Links in guarded folders to what is not guarded by its name. */
  readonly leads: ReadonlyMap<string, string>;
  /** What was in those that are not mounted. */
  readonly contents: ReadonlyMap<string, string>;
  /** What the command may change. */
  readonly writable: readonly string[];
}

const maxNamed = 5;
const maxShown = 200;

/**
 * What a command made that would run later, outside the sandbox, after it ended: it is moved away, beside where it
 * was, and told as a sentence; `undefined` where there is nothing. No mount can forbid a name that is not there
 * yet, not at any depth, and a folder around a mount can be renamed: so every guarded path has to be what it was,
 * those that were mounted as well.
 */
export async function undoGuarded(guarded: GuardedWorkspace): Promise<string | undefined> {
  const { workspace, before, since, writable } = guarded;
  const after = await findGuarded(workspace, guarded.homeDir, before);
  const isOthers = (path: string): boolean => isNamed(path, writable) || isInGuarded(path, after, writable);
  const made = [...after.states]
    .filter(([path, state]) => before.states.get(path) !== state && !isOthers(path))
    .map(([path]) => path);
  const led = await changedLeads(guarded);
  const changed = (await changedInside(guarded)).filter(
    (path) => after.states.has(path) || guarded.leads.has(path),
  );
  const outermost = withoutInner(new Set([...made, ...changed, ...led]));
  const gone = [...before.states.keys()].filter(
    (path) =>
      !after.states.has(path) &&
      !isNamed(path, writable) &&
      !isInGuarded(path, before, writable) &&
      !movedAway.has(path, since),
  );
  const told = [
    ...(await Promise.all(outermost.map((path) => moveAway(path, workspace)))),
    ...gone.map((path) => `${shorten(relative(workspace, path))} (moved elsewhere or removed)`),
  ];
  const grown = tellGrown(guarded, after);
  if (told.length === 0) return grown;
  const more = told.length > maxNamed ? `, and ${told.length - maxNamed} more` : '';
  const planted = `it made what would run later, outside the sandbox: ${told.slice(0, maxNamed).join('; ')}${more}`;
  return grown === undefined ? planted : `${grown}; ${planted}`;
}

/** That not all can be looked into any more: by this run, or by another one before it could be told. */
function tellGrown({ workspace, before }: GuardedWorkspace, after: GuardedPaths): string | undefined {
  if (after.grown !== undefined) {
    const folder = shorten(relative(workspace, after.grown)) || '.';
    overgrown.add(workspace, { wholeTo: before.wholeTo, folder });
    return (
      `it made so many folders in ${folder} that not all of the project can be looked into: ` +
      'remove them; until then nothing is run that may change the project'
    );
  }
  if (after.wholeTo < before.wholeTo) return 'it left folders that could not be looked into';
  const folder = overgrown.folderIn(workspace, before.wholeTo);
  return folder === undefined
    ? undefined
    : `it ran beside another command, which made so many folders in ${folder} that not all of the project can be looked into`;
}

/** Where a link is gone, its folder is another, or somebody else took it away. */
async function changedLeads({ workspace, leads }: GuardedWorkspace): Promise<readonly string[]> {
  const now = await Promise.all([...leads.keys()].map((path) => guardedState(path, workspace)));
  return [...leads].flatMap(([path, was], index) => ([undefined, was].includes(now[index]) ? [] : [path]));
}

async function changedInside({ workspace, contents }: GuardedWorkspace): Promise<readonly string[]> {
  if (contents.size === 0) return [];
  const now = await guardedContents([...contents.keys()], workspace);
  return [...contents].filter(([path, was]) => now?.get(path) !== was).map(([path]) => path);
}

/** With a folder goes what is in it. */
function withoutInner(paths: ReadonlySet<string>): readonly string[] {
  return [...paths].filter((path) => {
    for (let around = dirname(path); around !== dirname(around); around = dirname(around)) {
      if (paths.has(around)) return false;
    }
    return true;
  });
}

/** Whether the policy means this one, and not only a folder around it. */
function isNamed(path: string, writable: readonly string[]): boolean {
  return writable.some((place) => isWithin(place, path));
}

/**
 * Whether it lies in a guarded folder that the command may not change: who changes it meanwhile, git for example,
 * is somebody else.
 */
export function isInGuarded(
  path: string,
  { states }: Pick<GuardedPaths, 'states'>,
  writable: readonly string[],
): boolean {
  const folder = dirname(path);
  if (states.has(folder) && !isNamed(folder, writable)) return true;
  return folder !== path && isInGuarded(folder, { states }, writable);
}

async function moveAway(path: string, workspace: string): Promise<string> {
  const shown = shorten(relative(workspace, path));
  const aside = join(dirname(path), `refused-${randomBytes(4).toString('hex')}${asSuffix(basename(path))}`);
  try {
    await rename(rawPath(path), rawPath(aside));
    movedAway.add(path);
    return `${shown} (now ${shorten(relative(workspace, aside))})`;
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    return code === 'ENOENT'
      ? `${shown} (gone meanwhile)`
      : `${shown} (it could not be moved away, ${code}: remove it)`;
  }
}

function shorten(escaped: string): string {
  const path = escaped.toWellFormed();
  return path.length <= maxShown ? path : `${path.slice(0, maxShown)}…`;
}

function asSuffix(name: string): string {
  return name.startsWith('.') ? name : `.${name}`;
}
