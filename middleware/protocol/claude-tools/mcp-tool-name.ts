/** A tool of an MCP server, by the names that both have. */
export interface McpToolName {
  readonly server: string;
  readonly tool: string;
}

/** The name by which rules and hooks know a tool of a server, as Claude Code makes it. */
export function claudeToolName(server: string, tool: string): string {
  return `${claudeGroup(server)}__${plainName(tool)}`;
}

/** The name by which rules know a server. */
export function claudeGroup(server: string): string {
  return `mcp__${plainName(server)}`;
}

/** A name with none but the characters that names of tools have. */
export function plainName(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9_-]/g, '_');
}

/** What a joined name is made of; `undefined` where it may be of several servers. */
export function splitToolName(name: string): McpToolName | undefined {
  const rest = /^mcp__(.+)$/.exec(name)?.[1] ?? '';
  const at = rest.indexOf('__');
  if (at <= 0 || at !== rest.lastIndexOf('__')) return undefined;
  return { server: rest.slice(0, at), tool: rest.slice(at + 2) };
}
