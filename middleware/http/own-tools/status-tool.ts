import { factsOf } from '../../features/mcp/server-facts.ts';
import type { McpServers } from '../../features/mcp/mcp-servers.ts';
import type { HealthReport } from '../routes/health.ts';
import type { OwnTool } from './own-tool.ts';

/** `status`: what `GET /health` tells, and how the MCP servers of the caller are, for a model that is asked how we are. */
export function statusTool(
  report: () => HealthReport,
  servers: Pick<McpServers, 'stateOf' | 'isOwn'>,
): OwnTool {
  return {
    name: 'status',
    description:
      'Tells how the Codex-Plus middleware, its LiteLLM tier, its providers and the configured MCP servers are.',
    inputSchema: { type: 'object', properties: {}, additionalProperties: false },
    annotations: { readOnlyHint: true },
    call: (_, { project }) =>
      JSON.stringify({
        ...report().details,
        ...(project !== undefined && { mcpServers: factsOf(project, servers) }),
      }),
  };
}
