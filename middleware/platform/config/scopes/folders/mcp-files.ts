import { join } from 'node:path';
import type { ConfigSource } from '../../../../kernel/config-source.ts';
import type { Environment } from '../../environment.ts';
import type { EnterpriseFolder } from './enterprise-folders.ts';
import { claudeJsonFile, userFolders } from './user-folders.ts';
import { withParents } from './with-parents.ts';

/** The files that may name MCP servers, those of one kind with the strongest first. */
export interface McpFiles {
  /** Where one of these exists, the servers of nobody else count. */
  readonly enterprise: readonly ConfigSource[];
  /** `.mcp.json` of the workspace and of every folder above it. */
  readonly project: readonly ConfigSource[];
  readonly user: ConfigSource;
  /** Claude Code's own, with the user's servers and those of single projects. */
  readonly claudeJson: ConfigSource;
}

/** Where MCP servers may be named for somebody who works in a folder. */
export function mcpFiles(
  workspace: string,
  home: string,
  env: Environment,
  enterprise: readonly EnterpriseFolder[],
): McpFiles {
  const user = userFolders(home, env);
  return {
    enterprise: enterprise.map(({ folder, family }) => ({
      scope: 'enterprise',
      family,
      file: join(folder, 'managed-mcp.json'),
      baseDir: folder,
    })),
    project: withParents(workspace).map((folder) => ({
      scope: 'project',
      family: 'claude',
      file: join(folder, '.mcp.json'),
      baseDir: folder,
    })),
    user: {
      scope: 'user',
      family: 'codexplus',
      file: join(user.codexplus, 'mcp.json'),
      baseDir: user.codexplus,
    },
    claudeJson: {
      scope: 'user',
      family: 'claude',
      file: claudeJsonFile(home, env),
      baseDir: user.claude,
    },
  };
}
