import { serverSubject } from '../../features/trust/subjects.ts';
import type { TrustSubject } from '../../features/trust/trust-record.ts';
import type { McpServer } from '../../platform/config/scopes/merge-mcp-servers.ts';

/**
 * What has to be trusted before an MCP server is used; `undefined` where nobody has to be asked. Servers of the scope `local`
 * stand in the user's own `.claude.json`, where no project writes.
 */
export function subjectOfServer(
  name: string,
  { source, value }: Pick<McpServer, 'source' | 'value'>,
  project: string,
): TrustSubject | undefined {
  return source.scope === 'project' ? serverSubject(project, name, value) : undefined;
}
