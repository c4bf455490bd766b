import { join } from 'node:path';
import type { ConfigFamily } from '../../../../kernel/config-source.ts';

/** The families in one place, the strongest first. */
export const families = ['codexplus', 'claude', 'codex'] as const satisfies readonly ConfigFamily[];

/** One folder for each family. */
export type FamilyFolders = Readonly<Record<ConfigFamily, string>>;

/** `.codexplus`, `.claude` and `.codex` in a folder. */
export function familyFolders(folder: string): FamilyFolders {
  return {
    codexplus: join(folder, '.codexplus'),
    claude: join(folder, '.claude'),
    codex: join(folder, '.codex'),
  };
}
