import { join } from 'node:path';
import type { ConfigSource } from '../../../../kernel/config-source.ts';
import type { EnterpriseFolder } from './enterprise-folders.ts';
import { families, familyFolders, type FamilyFolders } from './family-folders.ts';
import { withParents } from './with-parents.ts';

/** A folder that holds commands, or folders of skills. */
export interface CommandFolder {
  readonly folder: string;
  readonly kind: 'commands' | 'skills';
  /** Its `file` is the folder. */
  readonly source: ConfigSource;
}

/**
 * The folders that may hold commands and skills, in the order in which the first of one name wins: as in Claude Code the
 * user's before the project's and a nearer folder before one above it; enterprise before all of them. In one place
 * `.codexplus` comes before `.claude`, and `.codex` is the fallback for names that `.claude` does not have.
 */
export function commandFolders(
  workspace: string,
  user: FamilyFolders,
  enterprise: readonly EnterpriseFolder[],
): readonly CommandFolder[] {
  const folders = [
    ...enterprise
      .filter(({ family }) => family === 'codexplus')
      .map(({ folder, family }) => {
        const file = join(folder, 'commands');
        const source: ConfigSource = { scope: 'enterprise', family, file, baseDir: folder };
        return { folder: file, kind: 'commands', source } as const;
      }),
    ...foldersIn(user, (family) => ({ scope: 'user', family, baseDir: user[family] })),
    ...withParents(workspace).flatMap((place) =>
      foldersIn(familyFolders(place), (family) => ({ scope: 'project', family, baseDir: place })),
    ),
  ];
  // The home folder is above most workspaces; its folders are the user's and not a project's.
  return folders.filter(
    ({ folder }, index) => folders.findIndex((other) => other.folder === folder) === index,
  );
}

const kinds = ['commands', 'skills'] as const;

function foldersIn(
  folders: FamilyFolders,
  sourceOf: (family: (typeof families)[number]) => Omit<ConfigSource, 'file'>,
): readonly CommandFolder[] {
  return families.flatMap((family) =>
    // The skills in `.codex` are Codex's own: it offers and reads them itself.
    kinds
      .filter((kind) => kind === 'commands' || family !== 'codex')
      .map((kind) => {
        const folder = join(folders[family], kind);
        return { folder, kind, source: { ...sourceOf(family), file: folder } };
      }),
  );
}
