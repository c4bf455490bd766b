import type { McpPlace } from '../../features/mcp/access/server-access.ts';
import type { McpServers } from '../../features/mcp/mcp-servers.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import type { CliContext } from '../context.ts';

/** Works with the MCP servers as the middleware would use them in a project; those that were started for it end with it. */
export async function withServers<T>(
  context: CliContext,
  project: ProjectSnapshot,
  work: (servers: McpServers, place: McpPlace) => Promise<T>,
): Promise<T> {
  // What the MCP SDK needs to start is paid by the commands that use it, and by no other.
  const { openServers } = await import('./open-servers.ts');
  const servers = openServers(context);
  try {
    return await work(servers, { project, conversation: 'codex-plus mcp' });
  } finally {
    await servers.close();
  }
}
