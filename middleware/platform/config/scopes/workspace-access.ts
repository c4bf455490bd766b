import { realpath, stat } from 'node:fs/promises';
import { codeOf } from '../../../kernel/errors.ts';
import type { Caller } from '../../../kernel/exchange.ts';
import { isWithin } from './find-workspace.ts';
import { FreshCache } from '../../fresh-cache.ts';

interface WorkspaceAccessOptions {
  /** The folders below which callers with a key may work; absolute. */
  readonly roots: readonly string[];
  /** For how long an answer of the file system is believed. */
  readonly freshMs?: number;
  readonly maxWorkspaces?: number;
  /** A clock that only goes forward, in milliseconds. */
  readonly now?: () => number;
}

/** Decides who may work where. */
export interface WorkspaceAccess {
  /** The folder without symbolic links in its path; `undefined` where there is none, or none that the caller may name. */
  readonly open: (caller: Caller['kind'], workspace: string) => Promise<string | undefined>;
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
  const { roots, freshMs = 1_000, maxWorkspaces = 256 } = options;
  const folders = new FreshCache<string | undefined>({
    maxEntries: maxWorkspaces + roots.length,
    freshMs,
    now: options.now ?? (() => performance.now()),
    load: realFolder,
  });
  return {
    open: async (caller, workspace) => {
      const folder = await folders.get(workspace);
      if (folder === undefined) return undefined;
      if (caller === 'local') return folder;
      const realRoots = await Promise.all(roots.map((root) => folders.get(root)));
      const known = realRoots.filter((root) => root !== undefined);
      return workspaceAllowed(caller, folder, known) ? folder : undefined;
    },
  };
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
