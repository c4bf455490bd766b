import { isAbsolute, join } from 'node:path';
import { valueOf, type Environment } from '../../environment.ts';
import { familyFolders, type FamilyFolders } from './family-folders.ts';

/** A user's own folders: those in the home folder, moved where CLAUDE_CONFIG_DIR and CODEX_HOME say so. */
export function userFolders(home: string, env: Environment): FamilyFolders {
  const inHome = familyFolders(home);
  const moved = (variable: string): string | undefined => {
    const folder = valueOf(env, variable);
    return folder === undefined || isAbsolute(folder) ? folder : join(home, folder);
  };
  return {
    codexplus: inHome.codexplus,
    claude: moved('CLAUDE_CONFIG_DIR') ?? inHome.claude,
    codex: moved('CODEX_HOME') ?? inHome.codex,
  };
}

/** The user's `.claude.json`: in the home folder, or inside CLAUDE_CONFIG_DIR. */
export function claudeJsonFile(home: string, env: Environment): string {
  const isMoved = valueOf(env, 'CLAUDE_CONFIG_DIR') !== undefined;
  return join(isMoved ? userFolders(home, env).claude : home, '.claude.json');
}
