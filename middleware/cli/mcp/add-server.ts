import { text as readAll } from 'node:stream/consumers';
import { checkServerEntry, checkServerName } from '../../features/mcp/edit/check-entry.ts';
import { writeServer } from '../../features/mcp/edit/edit-servers.ts';
import { groupOf } from '../../features/mcp/offer/offered-tool.ts';
import { newEntry, type EntryOptions, type NamedServer } from '../../features/mcp/edit/server-entry.ts';
import { serverPlaces, type ServerPlace, type ServerScope } from '../../features/mcp/edit/server-place.ts';
import { isJsonObject, parseJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { visibleLine } from '../../kernel/visible-text.ts';
import { CliError } from '../cli-error.ts';
import { readProject } from '../config/read-project.ts';
import type { CliContext } from '../context.ts';
import { askForSecret, keepSecret } from './client-secret.ts';
import { tellPlace } from './tell-place.ts';

export interface ScopeOptions {
  readonly scope: ServerScope;
  readonly workspace?: string;
}

export interface AddOptions extends ScopeOptions, EntryOptions {
  readonly clientSecret?: boolean;
}

/** `codex-plus mcp add`: writes a server as Claude Code does. */
export async function addServer(
  context: CliContext,
  server: NamedServer,
  options: AddOptions,
): Promise<void> {
  const { name, target, args } = server;
  checkServerName(name);
  const { transport, entry } = newEntry(server, options);
  const isStdio = transport === 'stdio';
  const what = isStdio ? `with command: ${[target, ...args].join(' ')}` : `with URL: ${target}`;
  const secret = options.clientSecret === true ? await askForSecret(context, entry) : undefined;
  const place = await write(context, name, entry, options);
  if (secret !== undefined) await keepSecret(context, name, secret);
  context.stdout.write(
    `Added ${isStdio ? 'stdio' : transport.toUpperCase()} MCP server ${name} ${visibleLine(what, 1_000)} to ${place.scope} config\n`,
  );
  tellAdded(context, place, name);
}

/** `codex-plus mcp add-json`: writes a server that is given as JSON. */
export async function addServerJson(
  context: CliContext,
  name: string,
  json: string,
  options: ScopeOptions,
): Promise<void> {
  checkServerName(name);
  const given = parseJsonObject(json === '-' ? await readAll(context.stdin) : json);
  if (given === undefined)
    throw new CliError('Invalid configuration: not a JSON object. Check its quotes, commas and braces.');
  const entry = entryIn(given, name);
  const place = await write(context, name, entry, options);
  const type = typeof entry['type'] === 'string' ? visibleLine(entry['type'], 40) : typeOf(entry);
  context.stdout.write(`Added ${type} MCP server ${name} to ${place.scope} config\n`);
  tellAdded(context, place, name);
}

/** A whole file with this one server in it, as READMEs show it, stands for its entry. */
function entryIn(given: JsonObject, name: string): JsonObject {
  const { mcpServers, ...others } = given;
  if (!isJsonObject(mcpServers) || Object.keys(others).length > 0) return given;
  const entry = mcpServers[name];
  if (isJsonObject(entry) && Object.keys(mcpServers).length === 1) return entry;
  throw new CliError(
    `Invalid configuration: give one entry of mcpServers by itself, like {"command": "…"}, or all of it with "${name}" alone in it.`,
  );
}

function typeOf(entry: JsonObject): string {
  return entry['url'] === undefined ? 'stdio' : 'http';
}

async function write(
  context: CliContext,
  name: string,
  entry: JsonObject,
  options: ScopeOptions,
): Promise<ServerPlace> {
  checkServerEntry(entry);
  const project = await readProject(context, options);
  const [place] = serverPlaces(options.scope, { project, env: context.env });
  writeServer(name, entry, place);
  return place;
}

function tellAdded(context: CliContext, place: ServerPlace, name: string): void {
  tellPlace(context, place);
  if (name.includes('__') || name.endsWith('_'))
    context.stdout.write(
      `Models know its tools as ${groupOf(name, [name])}__TOOL, as \`__\` ends the name of a server there; rules and hooks as mcp__${name}__TOOL\n`,
    );
  if (place.scope === 'project') context.stdout.write('It is used once you allow it: codex-plus trust add\n');
}
