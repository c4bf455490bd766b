import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ProjectSnapshot } from '../../../middleware/platform/config/scopes/project-snapshot.ts';
import {
  createSnapshotCache,
  type SnapshotCache,
} from '../../../middleware/platform/config/scopes/snapshot-cache.ts';

type SnapshotCacheOptions = Parameters<typeof createSnapshotCache>[0];

/** A home, an organisation's folder and a project, all temporary and real. */
export interface ProjectFolders {
  readonly root: string;
  readonly home: string;
  readonly enterprise: string;
  readonly project: string;
  /** A path below the root. */
  readonly at: (path: string) => string;
  /** Writes files below the root by their paths; what is no text is written as JSON. */
  readonly write: (files: Readonly<Record<string, unknown>>) => void;
  /** A cache that looks at the files at every call unless told otherwise. */
  readonly cache: (options?: Partial<SnapshotCacheOptions>) => SnapshotCache;
  readonly remove: () => void;
}

export function createProjectFolders(): ProjectFolders {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'codex-plus-scopes-')));
  const [home, enterprise, project] = ['home', 'enterprise', 'project'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [home, enterprise, project]) mkdirSync(folder);
  return {
    root,
    home,
    enterprise,
    project,
    at: (path) => join(root, path),
    write: (files) => {
      for (const [path, content] of Object.entries(files)) {
        const file = join(root, path);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
      }
    },
    cache: (options) =>
      createSnapshotCache({
        home,
        env: {},
        enterpriseDirs: [{ folder: enterprise, family: 'claude' }],
        freshMs: 0,
        settleMs: 5,
        ...options,
      }),
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export function denied({ settings }: ProjectSnapshot): readonly string[] {
  return settings.rules.map(({ text }) => text);
}

/** Settings that deny what a rule is about. */
export function deny(rule: string): object {
  return { permissions: { deny: [rule] } };
}
