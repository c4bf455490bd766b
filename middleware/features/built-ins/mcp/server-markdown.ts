import type { McpServer } from '../../../platform/config/scopes/merge-mcp-servers.ts';
import { unsetText, unsetVariables } from '../../mcp/access/unset-variables.ts';
import { isTaskOnly } from '../../mcp/definitions/is-task-only.ts';
import { keepingRule } from '../../mcp/contents/server-kept.ts';
import type { LoginState } from '../../mcp/login/logins.ts';
import { readServerEntry } from '../../mcp/read-server-entry.ts';
import type { ServerState } from '../../mcp/server-state.ts';
import { ownEndpointText } from '../../mcp/transport/own-endpoint.ts';
import { isSwitchedOff } from '../../trust/server-decision.ts';
import { maskSecrets } from '../../../platform/config/scopes/mask-secrets.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import type { PermissionRule } from '../../../kernel/permission-rule.ts';
import type { Exchange } from '../../../kernel/exchange.ts';
import { callSignOf, withCallSign } from '../../commands/help/call-sign.ts';
import type { ProjectContext } from '../built-in-context.ts';
import { amountText } from '../amount-text.ts';
import { codeSpan } from '../code-markdown.ts';
import { sourceMarkdown, type Places } from '../source-markdown.ts';
import { heldMarkdown } from './mcp-accept.ts';

/** One server as an item of a list: where it is from, whether it may be used, how it is, and what to do next. */
export async function serverMarkdown(
  name: string,
  server: McpServer,
  { snapshot, servers, exchange }: Pick<ProjectContext, 'snapshot' | 'servers' | 'exchange'>,
): Promise<string> {
  const { value, written, source } = server;
  const sign = callSignOf(exchange);
  const reading = readServerEntry(value);
  const how = reading.kind === 'good' ? connectionText(written) : `**cannot be used**: ${reading.fault}`;
  const decision = source.scope === 'project' ? await servers.decisionOn(name) : 'allowed';
  const rule = keepingRule(name, snapshot);
  const told = [
    sourceMarkdown(source, snapshot),
    ...(source.scope === 'project' ? [trustText(name, snapshot, decision)] : []),
    ...(rule === undefined ? [] : [deniedMarkdown(rule, snapshot)]),
  ];
  const line = `- ${codeSpan(name)}: ${how} (${told.join('; ')})`;
  // What it offers, and whether it runs for others, says nothing of it here.
  if (rule !== undefined) return line;
  // Another entry may run the same, which says nothing of one that may not be used.
  const state = decision === 'allowed' ? servers.stateOf(name) : undefined;
  const others = decision === 'allowed' ? await servers.statesForClients(name) : [];
  const login = loginText(await servers.logins.stateOf(name), `${sign}mcp auth ${name}`);
  const known = state === undefined ? '' : stateText(name, state, exchange);
  const below = [
    known,
    ...clientTexts(others, exchange),
    login,
    await heldMarkdown(name, { servers, exchange }),
  ].join('');
  const unset = unsetVariables(server)
    .map((one) => `\n  - **not set**: ${codeSpan(unsetText(one), 500)}`)
    .join('');
  const isUnused = below === '' && reading.kind === 'good' && decision === 'allowed';
  const unused = isUnused ? `\n  - not used yet; ${codeSpan(`${sign}mcp ${name}`)} shows what it offers` : '';
  return `${line}${below}${unset}${unused}`;
}

/** Which rule keeps a server, or a tool of it, away. */
export function deniedMarkdown({ text, source }: PermissionRule, places: Places): string {
  return `**denied** by the rule ${codeSpan(text)} (${sourceMarkdown(source, places)})`;
}

/** Nothing of a server that never asked for a login. */
function loginText(login: LoginState | undefined, call: string): string {
  if (login === undefined) return '';
  const { isSignedIn, wants } = login;
  const how = codeSpan(call);
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
function trustText(
  name: string,
  { settings }: ProjectSnapshot,
  decision: 'allowed' | 'denied' | undefined,
): string {
  if (isSwitchedOff(name, settings)) return '**switched off** by `disabledMcpjsonServers`';
  if (decision === undefined) return 'needs your approval before use: `codex-plus trust add`';
  return decision === 'allowed' ? 'allowed' : '**not allowed**';
}

const stateWords: Readonly<Record<Exclude<ServerState['state'], 'resting'>, string>> = {
  idle: 'not running',
  starting: 'starting',
  running: 'running',
};

function restSeconds({ restMs }: Pick<ServerState, 'restMs'>): number {
  return Math.ceil(restMs / 1_000);
}

const eraWords = { legacy: 'the protocol up to 2025-11-25', modern: 'the protocol of 2026-07-28' } as const;

/** How a server is, in words. */
export function stateFacts(known: ServerState): readonly string[] {
  const { state, era, tools, prompts, resources } = known;
  return [
    state === 'resting'
      ? `**left alone** for ${restSeconds(known)} s more, as it failed several times`
      : stateWords[state],
    ...(era === undefined ? [] : [eraWords[era]]),
    ...amountIn(tools?.length, 'tool'),
    ...leftOut(tools),
    ...amountIn(prompts?.length, 'prompt'),
    ...amountIn(resources, 'resource'),
  ];
}

function stateText(name: string, known: ServerState, exchange: Exchange): string {
  if (known.isOwn) return `\n  - ${ownEndpointText}`;
  const { cut, lastError, wantsLogin } = known;
  const facts = stateFacts(known);
  const error =
    lastError === undefined ? '' : `\n  - the last error: ${codeSpan(withCallSign(lastError, exchange))}`;
  const isFailing = lastError !== undefined && !wantsLogin;
  const again = codeSpan(`${callSignOf(exchange)}mcp ${name}`);
  const soon = known.state === 'resting' ? `in ${restSeconds(known)} s, ` : '';
  const next = isFailing ? `\n  - next: mend what it says; ${soon}${again} tries it again` : '';
  const left = cut.map((list) => `\n  - it lists more ${list} than are used: the rest is left out`).join('');
  return `\n  - ${facts.join(', ')}${left}${error}${next}`;
}

/** A client may have another connection, which does better or worse; alike ones are told once. */
function clientTexts(others: readonly ServerState[], exchange: Exchange): readonly string[] {
  const texts = others.map((known) => {
    const { lastError } = known;
    const error =
      lastError === undefined ? '' : `; the last error: ${codeSpan(withCallSign(lastError, exchange))}`;
    return `\n  - for clients at \`/mcp\`: ${stateFacts(known).join(', ')}${error}`;
  });
  return [...new Set(texts)];
}

function leftOut(tools: ServerState['tools']): readonly string[] {
  const count = tools?.filter(isTaskOnly).length ?? 0;
  return count === 0 ? [] : [`${count} left out, which can be called as tasks only`];
}

function amountIn(count: number | undefined, what: string): readonly string[] {
  return count === undefined ? [] : [amountText(count, what)];
}

/** As it is written, so that a variable shows by its name and not by what it holds. */
function connectionText(written: McpServer['written']): string {
  const { type, url, command, args } = maskSecrets('', written) as McpServer['written'];
  if (typeof url === 'string')
    return `${typeof type === 'string' ? codeSpan(type) : '`http`'} ${codeSpan(url)}`;
  return `\`stdio\` ${codeSpan([String(command), ...(Array.isArray(args) ? args.map(String) : [])].join(' '))}`;
}
