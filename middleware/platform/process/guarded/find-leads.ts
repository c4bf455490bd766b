import { dirname, join } from 'node:path';
import { orAbsent } from '../../../kernel/or-absent.ts';
import { passedOver, type GuardedPaths } from './find-guarded.ts';
import { storedInGit } from './guarded-contents.ts';
import { guardedState, isFolderState } from './guarded-state.ts';
import { readFolder, type FolderEntry } from './read-folder.ts';
import { realPath } from './real-path.ts';
import { isWithin } from './sandbox-mounts.ts';

/** For all guarded folders together. */
const maxFolders = 10_000;
const maxLeads = 1_000;
const foldersAtOnce = 32;

interface Leads {
  /** What each link is and what is behind it, by its path. */
  readonly states: ReadonlyMap<string, string>;
  /** Whether all guarded folders were looked through. */
  readonly isWhole: boolean;
}

/**
 * The links in guarded folders to what is not guarded where it lies, or is not there yet: what stands behind them
 * runs as if it lay in the folder. Folders behind them are looked through as well. A link to a folder around
 * itself, as to the project, is left out: nothing could be changed any more.
 */
export async function findLeads({ states: guarded }: GuardedPaths, workspace: string): Promise<Leads> {
  const states = new Map<string, string>();
  const seen = new Set<string>();
  const isOpen = (path: string): boolean => isWithin(path, workspace) && !isInside(path, guarded);
  let folders = [...guarded].flatMap(([path, state]) => (isFolderState(state) ? [path] : []));
  while (folders.length > 0) {
    const some = await unseen(folders.slice(0, foldersAtOnce), seen, workspace);
    const looks = await Promise.all(some.map(lookInto));
    const links = await Promise.all(looks.flatMap((look) => look.links).map((path) => leadAt(path, isOpen)));
    const leads = await Promise.all(
      links.flat().map(async (path) => [path, (await guardedState(path, workspace)) ?? 'gone'] as const),
    );
    for (const [path, state] of leads) states.set(path, state);
    const behind = leads.flatMap(([path, state]) => (isFolderState(state) ? [path] : []));
    folders = [...folders.slice(foldersAtOnce), ...looks.flatMap(({ inside }) => inside), ...behind];
    if (seen.size > maxFolders || states.size > maxLeads) return { states, isWhole: false };
  }
  return { states, isWhole: true };
}

function isInside(path: string, guarded: ReadonlyMap<string, string>): boolean {
  return guarded.has(path) || (path !== dirname(path) && isInside(dirname(path), guarded));
}

async function unseen(
  folders: readonly string[],
  seen: Set<string>,
  workspace: string,
): Promise<readonly string[]> {
  const real = await Promise.all(folders.map((folder) => realPath(folder).catch(() => undefined)));
  return real.filter((path): path is string => {
    if (path === undefined || seen.has(path) || !isWithin(path, workspace)) return false;
    seen.add(path);
    return true;
  });
}

interface Look {
  readonly links: readonly string[];
  readonly inside: readonly string[];
}

/** One that cannot be looked into now is compared as what it is. */
async function lookInto(folder: string): Promise<Look> {
  const entries = (await orAbsent(readFolder(folder))) ?? [];
  const isRepository = entries.some(({ name }) => name === 'HEAD');
  const others = entries.filter(
    ({ name }) => name !== passedOver && !(isRepository && storedInGit.has(name)),
  );
  const pathsOf = (some: readonly FolderEntry[]): readonly string[] =>
    some.map(({ name }) => join(folder, name));
  return {
    links: pathsOf(others.filter((entry) => entry.isSymbolicLink())),
    inside: pathsOf(others.filter((entry) => entry.isDirectory())),
  };
}

/** The link itself where what it leads to may come or change. */
async function leadAt(link: string, isOpen: (path: string) => boolean): Promise<readonly string[]> {
  const target = await realPath(link).catch(() => undefined);
  if (target === undefined) return [link];
  return isOpen(target) && !isWithin(link, target) ? [link] : [];
}
