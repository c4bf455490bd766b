import { wildcardMatcher } from './wildcard.ts';

/**
 * Whether a rule's name is about an MCP tool: `mcp__server` is about all tools of a server, `mcp__server__read*` about those
 * that begin so. A rule that allows has to name the server.
 */
export function matchesMcpTool(name: string, tool: string, behavior: 'allow' | 'deny'): boolean {
  if (!name.startsWith('mcp__') || !tool.startsWith('mcp__')) return false;
  if (!name.includes('*')) return name === tool || tool.startsWith(`${name}__`);
  return (behavior === 'deny' || namesServer(name)) && wildcardMatcher(name)(tool);
}

/** Whether a rule's name says of which MCP server it speaks, in full. */
export function namesServer(name: string): boolean {
  return !name.includes('*') || /^mcp__[^*]+?__[^_]/.test(name);
}
