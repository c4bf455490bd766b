import type { BuiltInContext } from '../built-in-context.ts';
import { codeSpan } from '../code-markdown.ts';
import { serverProblems } from '../../mcp/access/server-problems.ts';
import { visibleLine } from '../../../kernel/visible-text.ts';
import type { ConfigProblem } from '../../../platform/config/scopes/files/config-problem.ts';
import { mcpAuth } from './mcp-auth.ts';
import { mcpAccept } from './mcp-accept.ts';
import { mcpEdit } from './mcp-edit.ts';
import { mcpShow } from './mcp-show.ts';
import { noProject } from '../no-project.ts';
import { serverMarkdown } from './server-markdown.ts';
import { shortPath, sourceMarkdown, type Places } from '../source-markdown.ts';

/** `/mcp`: the configured servers with their sources and what is known of them, none of them connected to; or one, or a change. */
export async function mcpList(args: string, context: BuiltInContext): Promise<string> {
  const { snapshot, exchange } = context;
  if (/^auth(?:\s|$)/.test(args)) return await mcpAuth(args, context);
  if (/^accept(?:\s|$)/.test(args)) return await mcpAccept(args, context);
  if (/^(?:add|remove)(?:\s|$)/.test(args)) return await mcpEdit(args, context);
  if (snapshot === undefined) return noProject(exchange);
  const here = { ...context, snapshot };
  if (args !== '' && args !== 'list') return await mcpShow(args, here);
  const lines = await Promise.all(
    [...snapshot.mcpServers].map(([name, server]) => serverMarkdown(name, server, here)),
  );
  const refused = snapshot.ignored
    .filter(({ key }) => key.startsWith('mcpServers'))
    .map(({ key, source, reason }) => `- ${codeSpan(key)} (${sourceMarkdown(source, snapshot)}): ${reason}`);
  const broken = serverProblems(snapshot).map((problem) => problemMarkdown(problem, snapshot));
  return [
    ...(lines.length === 0 ? ['No MCP servers are configured here.'] : ['## MCP servers', lines.join('\n')]),
    ...(refused.length === 0 ? [] : ['## Kept out by policy', refused.join('\n')]),
    ...(broken.length === 0 ? [] : ['## Broken', broken.join('\n')]),
  ]
    .join('\n\n')
    .concat('\n');
}

function problemMarkdown(
  { file, line, column, path, reason, leftOut }: ConfigProblem,
  places: Places,
): string {
  const place = [shortPath(file, places), line, column].filter((part) => part !== undefined).join(':');
  const what = path === '' ? '' : `${codeSpan(path)} `;
  const loss = leftOut === 'file' ? '; nothing of this file counts' : '';
  return `- ${codeSpan(place)}: ${what}${visibleLine(reason, 500)}${loss}`;
}
