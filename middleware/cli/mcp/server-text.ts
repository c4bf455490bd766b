import { unsetText, unsetVariables } from '../../features/mcp/access/unset-variables.ts';
import type { FailedList } from '../../features/mcp/contents/ask-lists.ts';
import type { HeldTools } from '../../features/mcp/definitions/tool-pins.ts';
import type { ServerScope } from '../../features/mcp/edit/server-place.ts';
import { ownEndpointText } from '../../features/mcp/transport/own-endpoint.ts';
import { visibleLine } from '../../kernel/visible-text.ts';
import { maskSecrets } from '../../platform/config/scopes/mask-secrets.ts';
import type { McpServer } from '../../platform/config/scopes/merge-mcp-servers.ts';
import { isJsonObject, listIn, type JsonObject } from '../../kernel/json-object.ts';
import { quoted } from '../../protocol/claude-tools/shell-words.ts';
import { counted } from '../output/counted.ts';
import type { ServerLook } from './server-look.ts';

const scopeTexts: Readonly<Record<string, string>> = {
  local: 'Local config (private to you in this project)',
  project: 'Project config (shared via .mcp.json)',
  user: 'User config (available in all your projects)',
} satisfies Record<ServerScope, string>;

/** A part of a definition, with a note on what is cut. */
const maxSaid = 5_000;

/** A scope in Claude Code's words. */
export function scopeText(scope: string): string {
  return scopeTexts[scope] ?? `${scope} config`;
}

/** One line a server, as Claude Code's `mcp list` has it, with what is missing below. */
export function serverLine({ name, server, state }: ServerLook): string {
  const own = `${visibleLine(name, 100)}: ${connectionText(server)} - ${stateText(state)}`;
  return [own, ...unsetLines(server)].join('\n');
}

/** What is missing in the environment, a line each. */
function unsetLines(server: McpServer): readonly string[] {
  return unsetVariables(server).map((unset) => `  ⚠ ${visibleLine(unsetText(unset), 500)}`);
}

/** Why the tools of a server are not known as they are now; `undefined` where they are. */
export function unseenText(state: ServerLook['state']): string | undefined {
  if (state.kind !== 'connected') return stateText(state);
  return state.failed?.find(({ list }) => list === 'tools')?.reason;
}

/** How a server is, in a few words. */
function stateText(state: ServerLook['state']): string {
  switch (state.kind) {
    case 'connected':
      return `✔ Connected (${counted(state.tools.length, 'tool')}${leftOutText(state.tools)}${heldText(state.held.tools.length + state.held.more)}${notListedText(state.failed)})`;
    case 'failed':
      return `✘ Failed to connect — ${state.reason}`;
    case 'pending':
      return '⏸ Pending approval (`codex-plus trust add` approves)';
    case 'off':
      return '⏸ Switched off';
    case 'own':
      return `⏸ It ${ownEndpointText}`;
    case 'denied':
      return `⏸ Kept out by the ${visibleLine(state.rule, 500)}`;
    case 'broken':
      return `✘ Cannot be used — ${state.fault}`;
  }
}

const taskOnly = 'left out, as it can be called as a task only';

function leftOutText(tools: readonly { readonly isTaskOnly?: true }[]): string {
  const count = tools.filter((tool) => tool.isTaskOnly).length;
  return count === 0 ? '' : `, ${count} left out, which can be called as tasks only`;
}

function heldText(count: number): string {
  return count === 0 ? '' : `, ${count} held back: \`codex-plus mcp test\` shows why`;
}

function notListedText(failed: readonly FailedList[] = []): string {
  return failed.map(({ list, reason }) => `, its ${list} not listed: ${reason}`).join('');
}

/** A server with its entry, as Claude Code's `mcp get` has it; secrets are masked. */
export function serverText({ name, server, state }: ServerLook): string {
  const { written, source } = server;
  const entry = maskSecrets('', written) as JsonObject;
  const { command, args, env, url, headers } = entry;
  const isStdio = url === undefined;
  return [
    `${visibleLine(name, 100)}:`,
    `  Scope: ${scopeText(source.scope)}`,
    `  File: ${visibleLine(source.file, 300)}`,
    `  Status: ${stateText(state)}`,
    `  Type: ${isStdio ? 'stdio' : typeText(entry)}`,
    ...(isStdio
      ? [
          `  Command: ${line(command)}`,
          `  Args: ${Array.isArray(args) ? line(args.join(' ')) : ''}`.trimEnd(),
        ]
      : [`  URL: ${line(url)}`]),
    ...membersText('Environment', env, '='),
    ...membersText('Headers', headers, ': '),
    ...unsetLines(server),
    `To remove this server, run: codex-plus mcp remove ${quoted(visibleLine(name, 100))} -s ${source.scope}`,
  ].join('\n');
}

/** All that a server offers. */
export function inspectionText({ name, server, state }: ServerLook): string {
  const unset = unsetLines(server);
  if (state.kind !== 'connected')
    return [`${visibleLine(name, 100)}: ${stateText(state)}`, ...unset].join('\n');
  const { era, ms, tools, held, resources, prompts, failed = [] } = state;
  const reasonOf = (name: FailedList['list']): string | undefined =>
    failed.find(({ list }) => list === name)?.reason;
  const protocol = era === 'modern' ? 'the protocol of 2026-07-28' : 'the protocol up to 2025-11-25';
  return [
    `${visibleLine(name, 100)}: ✔ Connected in ${ms} ms, ${protocol}`,
    ...unset,
    ...listText(
      'Tools',
      tools.map((tool) => [tool.name, tool.description ?? '', ...(tool.isTaskOnly ? [taskOnly] : [])]),
      reasonOf('tools'),
    ),
    ...heldLines(name, held),
    ...listText(
      'Resources',
      resources.map((uri) => [uri]),
      reasonOf('resources'),
    ),
    ...listText(
      'Prompts',
      prompts.map((prompt) => [prompt]),
      reasonOf('prompts'),
    ),
  ].join('\n');
}

/** The tools of a server that are held back, with what they say now and how they are accepted. */
export function heldLines(
  server: string,
  { tools, more, mark }: HeldTools,
  tool?: string,
): readonly string[] {
  if (tools.length === 0) return [];
  const named = [server, ...(tool === undefined ? [] : [tool])].map((name) => quoted(visibleLine(name, 200)));
  return [
    `Held back, since they were changed (${tools.length + more}):`,
    ...tools.flatMap(({ name, changed }) => [
      `  ${visibleLine(name, 200)}`,
      ...changed.map(({ part, now }) => `    ${part} now: ${visibleLine(now, maxSaid)}`),
    ]),
    ...(more > 0 ? [`  and ${more} more, which are shown once these are accepted`] : []),
    `\`codex-plus mcp accept ${named.join(' ')} --seen ${mark}\` has them used as shown here`,
  ];
}

function listText(
  title: string,
  rows: readonly (readonly string[])[],
  failure: string | undefined,
): readonly string[] {
  if (failure !== undefined) return [`${title}: not listed — ${failure}`];
  if (rows.length === 0) return [`${title}: none`];
  return [`${title} (${rows.length}):`, ...rows.map((row) => `  ${rowText(row)}`)];
}

function rowText([name = '', description = '', note]: readonly string[]): string {
  const shown = visibleLine(name, 200);
  const row = description === '' ? shown : `${shown}  ${visibleLine(description, 100)}`;
  return note === undefined ? row : `${row} (${note})`;
}

function membersText(title: string, members: unknown, between: string): readonly string[] {
  if (!isJsonObject(members) || Object.keys(members).length === 0) return [];
  return [
    `  ${title}:`,
    ...Object.entries(members).map(([key, value]) => `    ${line(key)}${between}${line(value)}`),
  ];
}

function connectionText({ written }: McpServer): string {
  const entry = maskSecrets('', written) as JsonObject;
  const { command, args, url } = entry;
  if (url !== undefined) return `${line(url)} (${typeText(entry).toUpperCase()})`;
  return line([command, ...listIn(args)].join(' '));
}

function typeText({ type, transport }: JsonObject): string {
  return line(type ?? transport ?? 'http');
}

function line(value: unknown): string {
  return visibleLine(String(value), 500);
}
