import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../../platform/config/environment.ts';
import { mcpFiles } from '../../../platform/config/scopes/folders/mcp-files.ts';
import { withParents } from '../../../platform/config/scopes/folders/with-parents.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';

export const serverScopes = ['local', 'user', 'project'] as const;

export type ServerScope = (typeof serverScopes)[number];

/** Where servers stand: a file, and the object in it that has them by their names. */
export interface ServerPlace {
  readonly scope: ServerScope;
  readonly file: string;
  readonly path: readonly string[];
  /** The project that a part of Claude Code's own file is about. */
  readonly project: string | undefined;
}

export interface EditedProject {
  readonly project: Pick<ProjectSnapshot, 'workspace' | 'home'>;
  readonly env: Environment;
}

/** Where servers of a scope may stand for somebody who works in a folder; new ones are written into the first. */
export function serverPlaces(
  scope: ServerScope,
  { project: { workspace, home }, env }: EditedProject,
): readonly [ServerPlace, ...ServerPlace[]] {
  const { claudeJson, user, project } = mcpFiles(workspace, home, env, []);
  if (scope === 'user') {
    return [place(scope, claudeJson.file), place(scope, user.file)];
  }
  if (scope === 'project') {
    const [first, ...above] = project.map(({ file }) => place(scope, file));
    return [first ?? place(scope, join(workspace, '.mcp.json')), ...above];
  }
  // As Claude Code has it: what is local holds for all of a repository, wherever in it one works.
  const root = withParents(workspace).find((folder) => existsSync(join(folder, '.git'))) ?? workspace;
  const first = localPlace(claudeJson.file, root);
  return root === workspace ? [first] : [first, localPlace(claudeJson.file, workspace)];
}

/** All places where servers may stand, in the order in which the first of one name wins. */
export function placesByStrength(where: EditedProject): readonly ServerPlace[] {
  // New ones are written where others find them too, or for a whole repository; what stands nearer wins over these.
  return [
    ...serverPlaces('local', where).toReversed(),
    ...serverPlaces('project', where),
    ...serverPlaces('user', where).toReversed(),
  ];
}

function place(scope: ServerScope, file: string): ServerPlace {
  return { scope, file, path: ['mcpServers'], project: undefined };
}

function localPlace(file: string, folder: string): ServerPlace {
  return {
    scope: 'local',
    file,
    path: ['projects', folder.replaceAll('\\', '/'), 'mcpServers'],
    project: folder,
  };
}
