import type { HeldTool, HeldTools } from '../../mcp/definitions/tool-pins.ts';
import { isServerKept } from '../../mcp/contents/server-kept.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import { callSignOf, withCallSign, type CallSign } from '../../commands/help/call-sign.ts';
import type { BuiltInContext } from '../built-in-context.ts';
import { codeBlock, codeSpan } from '../code-markdown.ts';
import { noProject } from '../no-project.ts';
import { usageLine } from '../usage-line.ts';
import { namedServer } from './named-server.ts';

const maxSaid = 500;

/** The changed tools of a server that are held back, as lines below it; empty where there are none. */
export async function heldMarkdown(
  server: string,
  { servers, exchange }: Pick<BuiltInContext, 'servers' | 'exchange'>,
): Promise<string> {
  const { tools, more } = await servers.heldTools(server);
  if (tools.length === 0) return '';
  const lines = [
    ...tools.map(heldLine),
    ...(more > 0 ? [`and ${more} more`] : []),
    `read what they say now before you allow it: ${codeSpan(`${callSignOf(exchange)}mcp accept ${server}`)}`,
  ];
  return lines.map((line) => `\n  - ${line}`).join('');
}

/**
 * `/mcp accept NAME [TOOL]` shows changed tools of a server as they are now, and `/mcp accept NAME [TOOL] MARK` has them used
 * as they were shown.
 */
export async function mcpAccept(
  args: string,
  { snapshot, exchange, servers }: BuiltInContext,
): Promise<string> {
  // What is accepted counts for everybody.
  if (exchange.caller.kind !== 'local') return 'Only whoever runs this may accept changed tools.\n';
  const names = args.replace(/^accept\s*/, '');
  if (names === '') return usageLine('mcp', { exchange });
  if (snapshot === undefined) return noProject(exchange);
  const sign = callSignOf(exchange);
  const { server, rest = '' } = namedServer(names, snapshot.mcpServers.keys());
  if (!snapshot.mcpServers.has(server))
    return `There is no MCP server ${codeSpan(server)} here: ${codeSpan(`${sign}mcp list`)} shows those that are.\n`;
  const [, named = '', mark] = /^(.*?)(?:(?<=^|\s)([0-9a-f]{8}))?$/.exec(rest) ?? [];
  const tool = named.trim() === '' ? undefined : named.trim();
  const unseen = await unseenReason(server, snapshot, servers);
  const came = await servers.acceptTools(server, { tool, mark });
  const text =
    came.kind === 'held'
      ? heldText(came.held, { server, tool, mark, sign })
      : `${came.tools.map((name) => codeSpan(name)).join(', ')} of ${codeSpan(server)} may be used as shown.\n`;
  return unseen === undefined
    ? text
    : `${text}\nIt could not be asked for its tools as they are now: ${codeSpan(withCallSign(unseen, exchange), maxSaid)}\n`;
}

/** Has a server tell its tools as they are now; why it does not, where it does not. */
async function unseenReason(
  server: string,
  snapshot: ProjectSnapshot,
  servers: BuiltInContext['servers'],
): Promise<string | undefined> {
  if (isServerKept(server, snapshot)) return 'a permission rule keeps it away';
  const look = await servers.look(server);
  return look.kind === 'failed'
    ? look.reason
    : look.value.failed.find(({ list }) => list === 'tools')?.reason;
}

interface Asked {
  readonly server: string;
  readonly tool: string | undefined;
  readonly mark: string | undefined;
  readonly sign: CallSign;
}

function heldText({ tools, more, mark }: HeldTools, { server, tool, mark: given, sign }: Asked): string {
  if (tools.length === 0) {
    const what = tool === undefined ? 'no tool' : `no tool ${codeSpan(tool)}`;
    return `${codeSpan(server)} has ${what} that is held back.\n`;
  }
  const command = [`${sign}mcp accept`, server, ...(tool === undefined ? [] : [tool]), mark].join(' ');
  return [
    ...(given === undefined ? [] : ['Nothing was accepted: these are not the definitions that were shown.']),
    `Held back, since they were changed, tools of ${codeSpan(server)}:`,
    ...tools.flatMap(({ name, changed }) => [
      `### ${codeSpan(name)}`,
      ...changed.flatMap(({ part, now }) => [`Its ${part} now:`, codeBlock(now)]),
    ]),
    ...(more > 0 ? [`There are ${more} more, which are shown once these are accepted.`] : []),
    `${codeSpan(command)} has them used as shown here.\n`,
  ].join('\n\n');
}

function heldLine({ name, changed }: HeldTool): string {
  const parts = changed.map(({ part }) => part).join(', ');
  const description = changed.find(({ part }) => part === 'description')?.now ?? '';
  const said = description === '' ? '' : `; it says now: ${codeSpan(description, maxSaid)}`;
  return `**held back**, since it was changed (${parts}): ${codeSpan(name)}${said}`;
}
