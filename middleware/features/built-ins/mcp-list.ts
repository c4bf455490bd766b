import type { McpServer } from '../../platform/config/scopes/merge-mcp-servers.ts';
import { maskSecrets } from '../../platform/config/scopes/mask-secrets.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import type { BuiltInContext } from './built-in-context.ts';
import { codeSpan } from './code-markdown.ts';
import { noProject } from './no-project.ts';
import { sourceMarkdown } from './source-markdown.ts';
import { usageLine } from './usage-line.ts';

const later =
  'Codex-Plus lists MCP servers, and does not call them yet. `/mcp add` and `/mcp auth` come with that; ' +
  'until then write servers into `.mcp.json`.';

/** `/mcp list`: the configured servers with their sources; none of them is connected to. */
export function mcpList(args: string, { snapshot, exchange }: BuiltInContext): string {
  if (/^(?:add|auth)(?:\s|$)/.test(args)) return `${later}\n`;
  if (args !== '' && args !== 'list') return usageLine('mcp', { exchange });
  if (snapshot === undefined) return noProject(exchange);
  const lines = [...snapshot.mcpServers].map(([name, server]) => serverLine(name, server, snapshot));
  const refused = snapshot.ignored
    .filter(({ key }) => key.startsWith('mcpServers'))
    .map(({ key, source, reason }) => `- ${codeSpan(key)} (${sourceMarkdown(source, snapshot)}): ${reason}`);
  return [
    ...(lines.length === 0 ? ['No MCP servers are configured here.'] : ['## MCP servers', lines.join('\n')]),
    ...(refused.length === 0 ? [] : ['## Kept out by policy', refused.join('\n')]),
    later,
  ]
    .join('\n\n')
    .concat('\n');
}

function serverLine(name: string, { written, source }: McpServer, snapshot: ProjectSnapshot): string {
  const state = source.scope === 'project' ? `; ${projectState(name, snapshot)}` : '';
  return `- ${codeSpan(name)}: ${connectionText(written)} (${sourceMarkdown(source, snapshot)}${state})`;
}

/** As in Claude Code, a list of names switches off servers of `.mcp.json`, and the others need their user's word. */
function projectState(name: string, { settings }: ProjectSnapshot): string {
  const isDisabled = settings.disabledMcpjsonServers.some(({ value }) => value === name);
  return isDisabled ? '**switched off** by `disabledMcpjsonServers`' : 'needs your approval before use';
}

/** As it is written, so that a variable shows by its name and not by what it holds. */
function connectionText(written: McpServer['written']): string {
  const { type, url, command, args } = maskSecrets('', written) as McpServer['written'];
  if (typeof url === 'string')
    return `${typeof type === 'string' ? codeSpan(type) : '`http`'} ${codeSpan(url)}`;
  if (typeof command !== 'string') return 'names neither a command nor a URL';
  return `\`stdio\` ${codeSpan([command, ...(Array.isArray(args) ? args.map(String) : [])].join(' '))}`;
}
