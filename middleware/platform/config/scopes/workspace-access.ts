import { realpathSync, statSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { codeOf } from '../../../kernel/errors.ts';
import type { Caller } from '../../../kernel/exchange.ts';
import { isWithin } from './find-workspace.ts';
import { FreshCache } from '../../fresh-cache.ts';
import { whileBelieved, type Grounded } from './files/grounded.ts';
import { areLocal } from './files/local-paths.ts';
import { withParents } from './folders/with-parents.ts';

interface WorkspaceAccessOptions {
  /** The folders below which callers with a key may work; absolute. */
  readonly roots: readonly string[];
  /** For how long an answer of the file system is believed, where another has to be waited for. */
  readonly freshMs?: number;
  /** The same where it has not; no more than that. */
  readonly checkMs?: number;
  readonly maxWorkspaces?: number;
  /** A clock that only goes forward, in milliseconds. */
  readonly now?: () => number;
}

/** Decides who may work where. */
export interface WorkspaceAccess {
  /** The folder without symbolic links in its path; `undefined` where there is none, or none that the caller may name. */
  readonly open: (caller: Caller['kind'], workspace: string) => Promise<string | undefined>;
  /** The same without waiting; `undefined` where that does not tell. */
  readonly openNow: (caller: Caller['kind'], workspace: string) => Opened | undefined;
}

interface Opened {
  readonly folder: string | undefined;
}

/**
 * Whether a caller may have the configuration of a workspace. Whoever is on this machine and needs no key may name any
 * folder; a guest, and whoever comes with a key, only those within the roots. All paths without symbolic links.
 * @internal exported for its tests
 */
export function workspaceAllowed(
  caller: Caller['kind'],
  workspace: string,
  roots: readonly string[],
): boolean {
  return caller === 'local' || roots.some((root) => isWithin(root, workspace));
}

/** Opens workspaces; symbolic links are followed before it is decided, in the workspace and in the roots. */
export function createWorkspaceAccess(options: WorkspaceAccessOptions): WorkspaceAccess {
  const { roots, freshMs = 1_000, checkMs, maxWorkspaces = 256 } = options;
  const folders = new FreshCache<Grounded<string | undefined>>({
    maxEntries: maxWorkspaces + roots.length,
    ...{ freshMs, checkMs },
    now: options.now ?? (() => performance.now()),
    load: groundedFolder,
    holds: ({ holds }) => holds(),
  });
  const allowed = (
    caller: Caller['kind'],
    folder: string,
    realRoots: readonly Grounded<string | undefined>[],
  ): string | undefined => {
    const known = realRoots.flatMap(({ value }) => value ?? []);
    return workspaceAllowed(caller, folder, known) ? folder : undefined;
  };
  return {
    open: async (caller, workspace) => {
      const { value: folder } = await folders.get(workspace);
      if (folder === undefined || caller === 'local') return folder;
      return allowed(caller, folder, await Promise.all(roots.map((root) => folders.get(root))));
    },
    openNow: (caller, workspace) => {
      const known = folders.now(workspace);
      if (known === undefined) return undefined;
      const { value: folder } = known;
      if (folder === undefined || caller === 'local') return { folder };
      const realRoots = roots.flatMap((root) => folders.now(root) ?? []);
      return realRoots.length < roots.length ? undefined : { folder: allowed(caller, folder, realRoots) };
    },
  };
}

async function groundedFolder(path: string): Promise<Grounded<string | undefined>> {
  const value = await realFolder(path);
  const isPrompt = await areLocal([path, value ?? path].flatMap(withParents));
  return { value, holds: whileBelieved(() => (isPrompt ? isStill(path, value) : undefined)) };
}

function isStill(path: string, folder: string | undefined): boolean | undefined {
  try {
    if (folder !== undefined) return realpathSync.native(path) === folder && statSync(folder).isDirectory();
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) return true;
    return stats.isDirectory() ? false : undefined;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return undefined;
  }
}

async function realFolder(path: string): Promise<string | undefined> {
  try {
    const real = await realpath(path);
    return (await stat(real)).isDirectory() ? real : undefined;
  } catch (error) {
    // Missing, forbidden or a loop: for a caller that is all the same, and tells nothing of what exists.
    if (codeOf(error) !== undefined) return undefined;
    throw error;
  }
}
