import { serverSubject } from './subjects.ts';
import type { TrustSubject } from './trust-record.ts';
import type { McpServer } from '../../platform/config/scopes/merge-mcp-servers.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { serverAsWritten } from './server-as-written.ts';

/**
 * Whether a project brings a server along. Servers of the scope `local`, unlike settings of it, stand in the user's own
 * `.claude.json`, where no project writes.
 */
export function isProjectServer({ source }: Pick<McpServer, 'source'>): boolean {
  return source.scope === 'project';
}

/** What has to be trusted before an MCP server is used; `undefined` where nobody has to be asked. */
export function subjectOfServer(
  name: string,
  server: Pick<McpServer, 'source' | 'written'>,
  { workspace, settings }: Pick<ProjectSnapshot, 'workspace' | 'settings'>,
): TrustSubject | undefined {
  if (!isProjectServer(server)) return undefined;
  return serverSubject(workspace, name, serverAsWritten(server, settings));
}
