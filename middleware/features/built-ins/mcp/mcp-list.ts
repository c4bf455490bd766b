import type { McpServer } from '../../../platform/config/scopes/merge-mcp-servers.ts';
import type { LoginState } from '../../mcp/login/logins.ts';
import { readServerEntry } from '../../mcp/read-server-entry.ts';
import type { ServerState } from '../../mcp/server-state.ts';
import { maskSecrets } from '../../../platform/config/scopes/mask-secrets.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import type { BuiltInContext, ConfiguredServers } from '../built-in-context.ts';
import { codeSpan } from '../code-markdown.ts';
import { mcpAuth } from './mcp-auth.ts';
import { heldMarkdown, mcpAccept } from './mcp-accept.ts';
import { noProject } from '../no-project.ts';
import { sourceMarkdown } from '../source-markdown.ts';
import { usageLine } from '../usage-line.ts';

const later =
  'Models are offered their tools (docs/mcp.md). `/mcp add` is still to come; until then `codex-plus mcp add` does.';

/** `/mcp list`: the configured servers with their sources and what is known of them; none of them is connected to. */
export async function mcpList(args: string, context: BuiltInContext): Promise<string> {
  const { snapshot, exchange, servers } = context;
  if (/^auth(?:\s|$)/.test(args)) return await mcpAuth(args, context);
  if (/^accept(?:\s|$)/.test(args)) return await mcpAccept(args, context);
  if (/^add(?:\s|$)/.test(args)) return `${later}\n`;
  if (args !== '' && args !== 'list') return usageLine('mcp', { exchange });
  if (snapshot === undefined) return noProject(exchange);
  const lines = await Promise.all(
    [...snapshot.mcpServers].map(([name, server]) => serverLine(name, server, snapshot, servers)),
  );
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

async function serverLine(
  name: string,
  { value, written, source }: McpServer,
  snapshot: ProjectSnapshot,
  servers: ConfiguredServers,
): Promise<string> {
  const reading = readServerEntry(value);
  const how = reading.kind === 'good' ? connectionText(written) : `**cannot be used**: ${reading.fault}`;
  const told = [
    sourceMarkdown(source, snapshot),
    ...(source.scope === 'project' ? [await trustText(name, snapshot, servers)] : []),
  ];
  const state = servers.stateOf(name);
  const login = loginText(name, await servers.logins.stateOf(name));
  const below = [state === undefined ? '' : stateText(state), login, await heldMarkdown(name, servers)].join(
    '',
  );
  return `- ${codeSpan(name)}: ${how} (${told.join('; ')})${below}`;
}

/** Nothing of a server that never asked for a login. */
function loginText(name: string, login: LoginState | undefined): string {
  if (login === undefined) return '';
  const { isSignedIn, wants } = login;
  const how = codeSpan(`/mcp auth ${name}`);
  switch (wants) {
    case undefined:
      return isSignedIn ? '\n  - you are signed in' : '';
    case 'login':
      return `\n  - **wants you to sign in**: ${how}`;
    case 'expired':
      return `\n  - **your login has ended**: ${how}`;
    case 'scope':
      return `\n  - you are signed in, and **it wants more rights** for what was asked: ${how}`;
  }
}

/** As in Claude Code, a list of names switches off servers of `.mcp.json`, and the others need their user's word. */
async function trustText(
  name: string,
  { settings }: ProjectSnapshot,
  servers: ConfiguredServers,
): Promise<string> {
  if (settings.disabledMcpjsonServers.some(({ value }) => value === name))
    return '**switched off** by `disabledMcpjsonServers`';
  const decision = await servers.decisionOn(name);
  if (decision === undefined) return 'needs your approval before use';
  return decision === 'allowed' ? 'allowed' : '**not allowed**';
}

const stateWords: Readonly<Record<ServerState['state'], string>> = {
  idle: 'not running',
  starting: 'starting',
  running: 'running',
  resting: '**left alone** for a minute, as it failed several times',
};

const eraWords = { legacy: 'the protocol up to 2025-11-25', modern: 'the protocol of 2026-07-28' } as const;

function stateText({ state, era, tools, lastError }: ServerState): string {
  const facts = [
    stateWords[state],
    ...(era === undefined ? [] : [eraWords[era]]),
    ...(tools === undefined ? [] : [tools.length === 1 ? '1 tool' : `${tools.length} tools`]),
  ];
  const error = lastError === undefined ? '' : `\n  - the last error: ${codeSpan(lastError)}`;
  return `\n  - ${facts.join(', ')}${error}`;
}

/** As it is written, so that a variable shows by its name and not by what it holds. */
function connectionText(written: McpServer['written']): string {
  const { type, url, command, args } = maskSecrets('', written) as McpServer['written'];
  if (typeof url === 'string')
    return `${typeof type === 'string' ? codeSpan(type) : '`http`'} ${codeSpan(url)}`;
  return `\`stdio\` ${codeSpan([String(command), ...(Array.isArray(args) ? args.map(String) : [])].join(' '))}`;
}
