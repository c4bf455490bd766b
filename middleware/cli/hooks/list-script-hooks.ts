import { findScriptHooks, type ScriptHook } from '../../features/hooks/script-hooks.ts';
import type { Environment } from '../../platform/config/environment.ts';
import { nodeFileAccess } from '../../platform/config/scopes/file-access.ts';
import { scriptHookFolders } from '../../platform/config/scopes/script-hook-folders.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { userFolders } from '../../platform/config/scopes/user-folders.ts';

/** The `pre_input` and `post_output` scripts of a user and a project. */
export async function listScriptHooks(
  { workspace, home }: Pick<ProjectSnapshot, 'workspace' | 'home'>,
  env: Environment,
): Promise<readonly ScriptHook[]> {
  const folders = await Promise.all(
    scriptHookFolders(workspace, userFolders(home, env)).map(async ({ folder, source, unless }) => {
      const counts = unless === undefined || (await nodeFileAccess.stamp(unless)).kind === 'absent';
      return { dir: folder, names: counts ? ((await nodeFileAccess.names(folder)) ?? []) : [], source };
    }),
  );
  // Which shell a script wants matters only to whoever runs it.
  return findScriptHooks(folders, { node: process.execPath, firstLine: () => '' });
}
