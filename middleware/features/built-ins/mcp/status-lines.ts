import type { LoginState } from '../../mcp/login/logins.ts';
import { wasUsed, type ServerState } from '../../mcp/server-state.ts';
import { callSignOf, withCallSign } from '../../commands/help/call-sign.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import { isServerKept } from '../../mcp/contents/server-kept.ts';
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
  if (snapshot === undefined) return [];
  const names = [...snapshot.mcpServers.keys()];
  const isDenied = (name: string): boolean => isServerKept(name, snapshot);
  const denied = names.filter(isDenied).map((name) => codeSpan(name, 100));
  const known = await Promise.all(
    names
      .filter((name) => !isDenied(name))
      .map(async (name) => ({
        name,
        state: (await mayBeUsed(name, { snapshot, servers })) ? servers.stateOf(name) : undefined,
        login: await servers.logins.stateOf(name),
      })),
  );
  const told = known.flatMap(({ name, state, login }) =>
    state === undefined || !wasUsed(state) ? [] : [lineOf(name, { state, login, exchange })],
  );
  const unused = known
    .filter(({ state }) => state === undefined || (!wasUsed(state) && !state.isOwn))
    .map(({ name }) => codeSpan(name, 100));
  return [
    ...cut(told, (more) => `- and ${more} more: ${codeSpan(`${callSignOf(exchange)}mcp list`)}`),
    ...(unused.length === 0
      ? []
      : [`- not used yet: ${cut(unused, (more) => `and ${more} more`).join(', ')}`]),
    ...(denied.length === 0
      ? []
      : [`- denied by a permission rule: ${cut(denied, (more) => `and ${more} more`).join(', ')}`]),
  ];
}

/** Another entry may run the same as one that nobody has allowed. */
async function mayBeUsed(
  name: string,
  { snapshot, servers }: { readonly snapshot: ProjectSnapshot } & Pick<BuiltInContext, 'servers'>,
): Promise<boolean> {
  const isOfProject = snapshot.mcpServers.get(name)?.source.scope === 'project';
  return !isOfProject || (await servers.decisionOn(name)) === 'allowed';
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
