import { isJsonObject } from '../../../kernel/json-object.ts';
import { UserError } from '../../../kernel/user-error.ts';
import { McpFailure } from '../../mcp/mcp-failure.ts';
import { callSignOf, withCallSign } from '../../commands/help/call-sign.ts';
import type { BuiltInContext } from '../built-in-context.ts';
import { codeSpan } from '../code-markdown.ts';
import { noProject } from '../no-project.ts';
import { namedServer } from './named-server.ts';
import { serverNames } from './server-names.ts';

/** `/mcp auth NAME [ADDRESS]`: the link to sign in at a server with, or the end of a login in a browser elsewhere. */
export async function mcpAuth(
  args: string,
  { snapshot, exchange, servers }: BuiltInContext,
): Promise<string> {
  // A login is used for the calls of everybody.
  if (exchange.caller.kind !== 'local') return 'Only whoever runs this may sign in at servers.\n';
  const call = `${callSignOf(exchange)}mcp auth`;
  const names = args.replace(/^auth\s*/, '');
  if (names === '') {
    const known = snapshot === undefined ? '' : serverNames(snapshot, isRemote);
    return `Usage: ${codeSpan(`${call} NAME [ADDRESS]`)}.${known}\n`;
  }
  if (snapshot === undefined) return noProject(exchange);
  const { server: name, rest: address } = namedServer(names, snapshot.mcpServers.keys());
  try {
    if (address !== undefined) {
      await servers.logins.finish(name, address);
      return `You are signed in at ${codeSpan(name)}.\n`;
    }
    const link = await servers.logins.begin(name);
    return [
      `Open this link within ten minutes to sign in at ${codeSpan(name)}:`,
      `<${link.href}>`,
      'A browser on the machine that Codex-Plus runs on comes back by itself. From another one, send the address that it was ' +
        `sent to at the end: ${codeSpan(`${call} ${name} ADDRESS`)}`,
    ]
      .join('\n\n')
      .concat('\n');
  } catch (error) {
    if (!(error instanceof UserError || error instanceof McpFailure)) throw error;
    return `${sentenceOf(withCallSign(error.message, exchange))}\n`;
  }
}

/** Others want no login. */
function isRemote(entry: unknown): boolean {
  return isJsonObject(entry) && entry['url'] !== undefined;
}

function sentenceOf(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
