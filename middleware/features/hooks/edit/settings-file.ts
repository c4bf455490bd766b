import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../../platform/config/environment.ts';
import { familyFolders } from '../../../platform/config/scopes/folders/family-folders.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import { userFolders } from '../../../platform/config/scopes/folders/user-folders.ts';

export const writableScopes = ['user', 'project', 'local'] as const;

export type WritableScope = (typeof writableScopes)[number];

/**
 * The settings file that holds for a scope. It is the one in `.claude`, unless only `.codex` has one: a new file in `.claude`
 * would take all that stands there out of use.
 */
export function settingsFileOf(
  scope: WritableScope,
  { workspace, home }: Pick<ProjectSnapshot, 'workspace' | 'home'>,
  env: Environment,
): string {
  const name = scope === 'local' ? 'settings.local.json' : 'settings.json';
  const folders = scope === 'user' ? userFolders(home, env) : familyFolders(workspace);
  const [claude, codex] = [join(folders.claude, name), join(folders.codex, name)];
  return !existsSync(claude) && existsSync(codex) ? codex : claude;
}
