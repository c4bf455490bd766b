import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import type { PermissionMode } from './permission-mode.ts';
import type { PolicyContext } from './policy-context.ts';
import type { PermissionRule } from '../../kernel/permission-rule.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { expandGlob } from '../../platform/shell/expand-glob.ts';

/** What a decision by permission rules depends on in a project, besides the call and the rules. */
export function policyContextOf(
  { settings, workspace, home, mcpServers }: ProjectSnapshot,
  mode: PermissionMode,
  extraRules: readonly PermissionRule[] = [],
): PolicyContext {
  return {
    cwd: workspace,
    home,
    mode,
    additionalDirectories: settings.additionalDirectories.map(({ value }) => resolve(workspace, value)),
    extraRules,
    servers: [...mcpServers.keys()],
    realpath,
    glob: expandGlob,
  };
}

function realpath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    // There is nothing, or nothing that may be seen.
    return undefined;
  }
}
