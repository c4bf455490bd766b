import type { Environment } from '../../platform/config/environment.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { createProjectHooks, type ProjectHooks } from '../../features/hooks/config/project-hooks.ts';

/** The hooks and scripts of a project and its user that no setting switches off, as the middleware runs them for Codex. */
export function hooksHere(project: ProjectSnapshot, env: Environment): Promise<ProjectHooks> {
  const hooks = createProjectHooks({ env, freshMs: 0, now: () => performance.now() });
  return hooks.of(project, { client: { kind: 'codex', version: undefined }, caller: { kind: 'local' } });
}
