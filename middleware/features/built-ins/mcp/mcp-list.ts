import type { BuiltInContext } from '../built-in-context.ts';
import { codeSpan } from '../code-markdown.ts';
import { mcpAuth } from './mcp-auth.ts';
import { mcpAccept } from './mcp-accept.ts';
import { mcpEdit } from './mcp-edit.ts';
import { mcpShow } from './mcp-show.ts';
import { noProject } from '../no-project.ts';
import { serverMarkdown } from './server-markdown.ts';
import { sourceMarkdown } from '../source-markdown.ts';

/** `/mcp`: the configured servers with their sources and what is known of them, none of them connected to; or one, or a change. */
export async function mcpList(args: string, context: BuiltInContext): Promise<string> {
  const { snapshot, exchange } = context;
  if (/^auth(?:\s|$)/.test(args)) return await mcpAuth(args, context);
  if (/^accept(?:\s|$)/.test(args)) return await mcpAccept(args, context);
  if (/^(?:add|remove)(?:\s|$)/.test(args)) return mcpEdit(args, context);
  if (snapshot === undefined) return noProject(exchange);
  const here = { ...context, snapshot };
  if (args !== '' && args !== 'list') return await mcpShow(args, here);
  const lines = await Promise.all(
    [...snapshot.mcpServers].map(([name, server]) => serverMarkdown(name, server, here)),
  );
  const refused = snapshot.ignored
    .filter(({ key }) => key.startsWith('mcpServers'))
    .map(({ key, source, reason }) => `- ${codeSpan(key)} (${sourceMarkdown(source, snapshot)}): ${reason}`);
  return [
    ...(lines.length === 0 ? ['No MCP servers are configured here.'] : ['## MCP servers', lines.join('\n')]),
    ...(refused.length === 0 ? [] : ['## Kept out by policy', refused.join('\n')]),
  ]
    .join('\n\n')
    .concat('\n');
}
