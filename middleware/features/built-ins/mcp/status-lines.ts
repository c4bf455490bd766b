import type { LoginState } from '../../mcp/login/logins.ts';
import type { ServerState } from '../../mcp/server-state.ts';
import { callSignOf, withCallSign } from '../../commands/help/call-sign.ts';
import type { BuiltInContext } from '../built-in-context.ts';
import { codeSpan } from '../code-markdown.ts';
import { stateFacts } from './server-markdown.ts';

const maxLines = 20;
const maxError = 160;

/** How the MCP servers of a folder are, one line each; those that were not used yet share one. Nothing is started for it. */
export async function statusLines({
  snapshot,
  servers,
  exchange,
}: Pick<BuiltInContext, 'snapshot' | 'servers' | 'exchange'>): Promise<readonly string[]> {
  const names = [...(snapshot?.mcpServers.keys() ?? [])];
  const known = await Promise.all(
    names.map(async (name) => ({
      name,
      state: servers.stateOf(name),
      login: await servers.logins.stateOf(name),
    })),
  );
  const told = known.flatMap(({ name, state, login }) =>
    state === undefined || isUnused(state) ? [] : [lineOf(name, { state, login, exchange })],
  );
  const unused = known
    .filter(({ state }) => state === undefined || isUnused(state))
    .map(({ name }) => codeSpan(name, 100));
  return [
    ...cut(told, (more) => `- and ${more} more: ${codeSpan(`${callSignOf(exchange)}mcp list`)}`),
    ...(unused.length === 0
      ? []
      : [`- not used yet: ${cut(unused, (more) => `and ${more} more`).join(', ')}`]),
  ];
}

/** A client at `/mcp` waits for news of all servers, used or not. */
function isUnused({ state, era, lastError }: ServerState): boolean {
  return state === 'idle' && era === undefined && lastError === undefined;
}

interface KnownServer extends Pick<BuiltInContext, 'exchange'> {
  readonly state: ServerState;
  readonly login: LoginState | undefined;
}

function lineOf(name: string, { state, login, exchange }: KnownServer): string {
  const wants = login?.wants;
  const next = wants === undefined ? [] : [`sign in: ${codeSpan(`${callSignOf(exchange)}mcp auth ${name}`)}`];
  const error =
    state.lastError === undefined || wants !== undefined
      ? []
      : [`the last error: ${codeSpan(withCallSign(state.lastError, exchange), maxError)}`];
  return `- ${codeSpan(name, 100)}: ${[...stateFacts(state), ...next, ...error].join(', ')}`;
}

function cut(lines: readonly string[], rest: (more: number) => string): readonly string[] {
  const more = lines.length - maxLines;
  return more > 0 ? [...lines.slice(0, maxLines), rest(more)] : lines;
}
