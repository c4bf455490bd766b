import { join } from 'node:path';
import type { ConfigSource } from '../../../../kernel/config-source.ts';
import { families, familyFolders, type FamilyFolders } from './family-folders.ts';

/** A folder that may hold scripts which run without a line in a settings file. */
export interface ScriptHookFolder {
  readonly folder: string;
  /** Its `file` is the folder. */
  readonly source: ConfigSource;
  /** The `.claude` folder beside it: where that exists, this one does not count. */
  readonly unless: string | undefined;
}

/** The `hooks` folders of a user and of a project, the user's first; `.codex` is the fallback of `.claude`. */
export function scriptHookFolders(workspace: string, user: FamilyFolders): readonly ScriptHookFolder[] {
  const users = foldersIn(user, (family) => ({ scope: 'user', family, baseDir: user[family] }));
  const project = foldersIn(familyFolders(workspace), (family) => ({
    ...{ scope: 'project', family },
    baseDir: workspace,
  }));
  // Whoever works in the home folder has one folder for both. It is the user's.
  const known = new Set(users.map(({ folder }) => folder));
  return [...users, ...project.filter(({ folder }) => !known.has(folder))];
}

function foldersIn(
  folders: FamilyFolders,
  sourceOf: (family: (typeof families)[number]) => Omit<ConfigSource, 'file'>,
): readonly ScriptHookFolder[] {
  return families.map((family) => {
    const folder = join(folders[family], 'hooks');
    return {
      folder,
      source: { ...sourceOf(family), file: folder },
      unless: family === 'codex' ? join(folders.claude, 'hooks') : undefined,
    };
  });
}
