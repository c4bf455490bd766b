import type { Environment } from '../environment.ts';
import { readCliSettings } from './cli-settings.ts';
import type { EnterpriseFolder } from './folders/enterprise-folders.ts';
import { nodeFileAccess, type FileAccess } from './files/file-access.ts';
import { grounded, type Grounded } from './files/grounded.ts';
import { FreshCache } from '../../fresh-cache.ts';
import { ProjectReader } from './project-reader.ts';
import { makeSnapshot, versionOf, type ProjectSnapshot } from './project-snapshot.ts';

interface SnapshotCacheOptions {
  readonly home: string;
  /**
   * The variables that `${VAR}` may name, also in a project's files: leave out what their authors must not learn, such as
   * the middleware's own keys where its callers are several people.
   */
  readonly env: Environment;
  readonly enterpriseDirs: readonly EnterpriseFolder[];
  /** The values of `--settings`, each a file or JSON text; of several the later is the stronger. */
  readonly cliSettings?: readonly string[];
  /** For how long a snapshot is given out without a look at its files, where that has to be waited for. */
  readonly freshMs?: number;
  /** The same where it has not; no more than that. */
  readonly checkMs?: number;
  /** Time that whoever writes a file gets to finish it. */
  readonly settleMs?: number;
  readonly maxWorkspaces?: number;
  /** A clock that only goes forward, in milliseconds. */
  readonly now?: () => number;
  readonly access?: FileAccess;
}

/** Gives out what is configured for a workspace. */
export interface SnapshotCache {
  /**
   * What counts now: at most `freshMs` old, and the same object as before for as long as nothing changed. The workspace is
   * an absolute path without symbolic links that the caller may name.
   */
  readonly of: (workspace: string) => Promise<ProjectSnapshot>;
  /** The same without waiting; `undefined` where that does not tell. */
  readonly now: (workspace: string) => ProjectSnapshot | undefined;
}

/** Files of one workspace, generously counted: kept files are shared, and the unused ones go first. */
const filesPerWorkspace = 16;

/**
 * A cache of what is configured, one entry for each workspace used last. It looks at the files when somebody asks, not by
 * way of the system's change events. Network mounts and containers do not send them, nor do links to elsewhere and memory that is mapped;
 * they come after the edit, so that a request may be faster; and whoever writes a log into a project would keep us busy. Throws a ConfigError for command line
 * settings that cannot be read; every other broken file becomes a problem of the snapshot.
 */
export function createSnapshotCache(options: SnapshotCacheOptions): SnapshotCache {
  const { home, env, freshMs = 1_000, settleMs = 25, maxWorkspaces = 256 } = options;
  const reader = new ProjectReader({
    home,
    env,
    enterprise: options.enterpriseDirs,
    cli: readCliSettings(options.cliSettings ?? []),
    settleMs,
    maxFiles: maxWorkspaces * filesPerWorkspace,
  });
  const { access = nodeFileAccess } = options;
  const cache = new FreshCache<Grounded<ProjectSnapshot>>({
    maxEntries: maxWorkspaces,
    freshMs,
    checkMs: options.checkMs,
    now: options.now ?? (() => performance.now()),
    holds: ({ holds }) => holds(),
    load: (workspace, previous) =>
      grounded(access, async (seen) => {
        const findings = await reader.read(workspace, seen);
        const version = versionOf(findings);
        const before = previous?.value;
        return version === before?.version ? before : makeSnapshot(findings, version, env);
      }),
  });
  return {
    of: async (workspace) => (await cache.get(workspace)).value,
    now: (workspace) => cache.now(workspace)?.value,
  };
}
