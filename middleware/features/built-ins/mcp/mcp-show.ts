import { visibleLine } from '../../../kernel/visible-text.ts';
import type { Look } from '../../mcp/contents/look-at.ts';
import { keepingRule } from '../../mcp/contents/server-kept.ts';
import { promptHint } from '../../mcp/contents/prompt-command.ts';
import { callSignOf, withCallSign } from '../../commands/help/call-sign.ts';
import type { ProjectContext } from '../built-in-context.ts';
import { codeSpan } from '../code-markdown.ts';
import { usageLine } from '../usage-line.ts';
import { namedServer } from './named-server.ts';
import { serverNames } from './server-names.ts';
import { deniedMarkdown, serverMarkdown } from './server-markdown.ts';

const maxRows = 100;
const maxText = 200;
const maxReason = 500;

/** `/mcp NAME`: all that a server offers, and what its tools cost; it is started or reached for it, where it may be. */
export async function mcpShow(name: string, context: ProjectContext): Promise<string> {
  const { snapshot, servers, exchange } = context;
  const server = snapshot.mcpServers.get(name);
  if (server === undefined) return `${notAServer(name, context)}\n\n${usageLine('mcp', context)}`;
  const rule = keepingRule(name, snapshot);
  if (rule !== undefined) {
    const line = await serverMarkdown(name, server, context);
    return `${line}\n\nIt is not asked for what it offers: take the rule out to use it.\n`;
  }
  const look = await servers.look(name);
  const line = await serverMarkdown(name, server, context);
  if (servers.stateOf(name)?.isOwn === true) return `${line}\n`;
  if (look.kind === 'failed')
    return `${line}\n\nIt could not be asked for what it offers: ${withCallSign(look.reason, exchange)}\n`;
  const { tools, prompts, resources, failed } = look.value;
  const sign = callSignOf(exchange);
  const rows = tools.map((tool) => ({ ...tool, rule: keepingRule(name, snapshot, tool.name) }));
  const tokens = rows.reduce((sum, tool) => sum + (tool.rule === undefined ? tool.tokens : 0), 0);
  return [
    line,
    section(
      `Tools, about ${tokens} tokens in each request that offers them`,
      rows.map(({ rule: denying, ...tool }) => {
        const cost = denying === undefined ? costText(tool) : deniedMarkdown(denying, snapshot);
        return `- ${codeSpan(tool.name)}: ${cost}${said(tool.description)}`;
      }),
    ),
    section(
      'Prompts',
      prompts.map((prompt) => {
        const hint = promptHint(prompt);
        const call = `${sign}${prompt.name}${hint === undefined ? '' : ` ${hint}`}`;
        return `- ${codeSpan(call)}${said(prompt.description)}`;
      }),
    ),
    section(
      'Resources',
      resources.map((uri) => `- ${codeSpan(visibleLine(`@${name}:${uri}`, maxText))}`),
    ),
    section(
      'What it did not list',
      failed.map(({ list, reason }) => `- its ${list}: ${codeSpan(reason, maxReason)}`),
    ),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');
}

/** What is wrong with arguments that are no server. Behind the first word may be a key, where that is nearly a command. */
function notAServer(args: string, { snapshot, exchange }: ProjectContext): string {
  const call = `${callSignOf(exchange)}mcp`;
  if (/^list\s/.test(args))
    return `${codeSpan(`${call} list`)} takes nothing behind it: it shows all servers, and ${codeSpan(`${call} NAME`)} one of them.`;
  const { server, rest } = namedServer(args, snapshot.mcpServers.keys());
  if (rest !== undefined)
    return `Nothing stands behind the name of a server: ${codeSpan(`${call} ${server}`)} shows what it offers.`;
  const [first = '', ...others] = args.split(/\s+/);
  const shown = others.length === 0 ? first : `${first} …`;
  return `There is no MCP server ${codeSpan(visibleLine(shown, maxText))} here.${serverNames(snapshot)}`;
}

function costText({ tokens, isTaskOnly }: Look['tools'][number]): string {
  return isTaskOnly ? '**left out**, as it can be called as a task only' : `about ${tokens} tokens`;
}

function said(description: string | undefined): string {
  return description === undefined || description === ''
    ? ''
    : `: ${codeSpan(visibleLine(description, maxText))}`;
}

function section(title: string, rows: readonly string[]): string {
  if (rows.length === 0) return '';
  const more = rows.length - maxRows;
  return `### ${title}\n\n${[...rows.slice(0, maxRows), ...(more > 0 ? [`- … and ${more} more`] : [])].join('\n')}`;
}
