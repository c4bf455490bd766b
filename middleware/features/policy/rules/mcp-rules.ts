import {
  claudeGroup,
  plainName,
  splitToolName,
  type McpToolName,
} from '../../../protocol/claude-tools/mcp-tool-name.ts';
import { wildcardMatcher } from './wildcard.ts';

/**
 * Whether a rule that denies or asks is about an MCP tool: `mcp__server` is about all tools of a server, `mcp__server__read*`
 * about those that begin so. It is about whatever its name may mean: `mcp__a` about a server `a__b` as well.
 */
export function matchesMcpTool(name: string, tool: string): boolean {
  if (!name.startsWith('mcp__') || !tool.startsWith('mcp__')) return false;
  if (!name.includes('*')) return name === tool || tool.startsWith(`${name}__`);
  return wildcardMatcher(name)(tool);
}

/**
 * Whether a rule allows an MCP tool. It has to name the server, and no other: a name that may be read as that of another one
 * of the servers allows nothing, nor does one of a server where it is not known which server's the tool is.
 */
export function allowsMcpTool(
  name: string,
  { tool, mcp }: { readonly tool: string; readonly mcp?: McpToolName },
  servers: readonly string[],
): boolean {
  if (!name.startsWith('mcp__') || !namesServer(name)) return false;
  const meant = mcp ?? splitToolName(tool);
  if (meant === undefined) return name === tool;
  const isMeant = (server: string): boolean =>
    mcp === undefined ? plainName(server) === meant.server : server === mcp.server;
  if (servers.some((server) => !isMeant(server) && mayName(name, server))) return false;
  const group = claudeGroup(meant.server);
  if (name === group) return true;
  return mayName(name, meant.server) && wildcardMatcher(name.slice(group.length + 2))(plainName(meant.tool));
}

/** Whether a rule's name may be about a server, or a tool of it. */
function mayName(name: string, server: string): boolean {
  const group = claudeGroup(server);
  return name === group || name.startsWith(`${group}__`);
}

/** Whether a rule's name says of which MCP server it speaks, in full. */
export function namesServer(name: string): boolean {
  return !name.includes('*') || /^mcp__[^*]+?__[^_]/.test(name);
}
