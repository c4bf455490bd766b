import { visibleLine } from '../../../kernel/visible-text.ts';
import type { HeldTool } from '../../mcp/definitions/tool-pins.ts';
import type { BuiltInContext, ConfiguredServers } from '../built-in-context.ts';
import { codeSpan } from '../code-markdown.ts';
import { noProject } from '../no-project.ts';
import { usageLine } from '../usage-line.ts';
import { namedServer } from './named-server.ts';

const maxShown = 20;

/** The changed tools of a server that are held back, as lines below it; empty where there are none. */
export async function heldMarkdown(server: string, servers: ConfiguredServers): Promise<string> {
  const held = await servers.heldTools(server);
  if (held.length === 0) return '';
  const more = held.length - maxShown;
  const lines = [
    ...held.slice(0, maxShown).map(heldLine),
    ...(more > 0 ? [`and ${more} more`] : []),
    `read what they say now before you allow it: ${codeSpan(`/mcp accept ${server}`)}`,
  ];
  return lines.map((line) => `\n  - ${line}`).join('');
}

/** `/mcp accept NAME [TOOL]`: changed tools of a server may be used as they are now. */
export async function mcpAccept(
  args: string,
  { snapshot, exchange, servers }: BuiltInContext,
): Promise<string> {
  // What is accepted counts for everybody.
  if (exchange.caller.kind !== 'local')
    return 'Only a caller on the same machine may accept changed tools.\n';
  const names = args.replace(/^accept\s*/, '');
  if (names === '') return usageLine('mcp', { exchange });
  if (snapshot === undefined) return noProject(exchange);
  const { server, rest: tool } = namedServer(names, snapshot.mcpServers.keys());
  if (!snapshot.mcpServers.has(server))
    return `There is no MCP server ${codeSpan(server)} here: ${codeSpan('/mcp list')} shows those that are.\n`;
  const accepted = await servers.acceptTools(server, tool);
  if (accepted.length > 0)
    return `${accepted.map((name) => codeSpan(name)).join(', ')} of ${codeSpan(server)} may be used as it is now.\n`;
  const what = tool === undefined ? 'no tool' : `no tool ${codeSpan(tool)}`;
  return `${codeSpan(server)} has ${what} that is held back.\n`;
}

function heldLine({ name, changed, description }: HeldTool): string {
  const said = description === '' ? '' : `; it says now: ${codeSpan(visibleLine(description, 500))}`;
  return `**held back**, since it was changed (${changed.join(', ')}): ${codeSpan(name)}${said}`;
}
