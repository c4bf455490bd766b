import { join } from 'node:path';
import { checkServerEntry, checkServerName } from '../../features/mcp/edit/check-entry.ts';
import { placesOf, writeServer } from '../../features/mcp/edit/edit-servers.ts';
import { serverPlaces } from '../../features/mcp/edit/server-place.ts';
import { ownEndpointText } from '../../features/mcp/transport/own-endpoint.ts';
import { isJsonObject, parseJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import { UserError } from '../../kernel/user-error.ts';
import { visibleLine } from '../../kernel/visible-text.ts';
import { valueOf, type Environment } from '../../platform/config/environment.ts';
import { expandAll } from '../../platform/config/scopes/expand-variables.ts';
import { userFolders } from '../../platform/config/scopes/folders/user-folders.ts';
import { readTextFile } from '../../platform/store/read-text-file.ts';
import { CliError } from '../cli-error.ts';
import { parseCodexConfig, tableAt } from '../codex/codex-config-file.ts';
import { mcpId } from '../../protocol/codex/mcp-id.ts';
import { readProject } from '../config/read-project.ts';
import type { CliContext } from '../context.ts';
import type { ScopeOptions } from './add-server.ts';
import { ownEntries } from './own-entry.ts';
import { entryOfCodex, leftOutOfCodex } from './entry-of-codex.ts';

export const importSources = ['claude-desktop', 'codex'] as const;

export type ImportSource = (typeof importSources)[number];

/** `codex-plus mcp import`: copies the servers of another program; one whose name is taken stays out. */
export async function importServers(
  context: CliContext,
  source: ImportSource,
  names: readonly string[],
  options: Partial<ScopeOptions>,
): Promise<void> {
  const found = source === 'codex' ? codexServers(context) : desktopServers(context);
  assertThere(names, found);
  const project = await readProject(context, options);
  const where = { project, env: context.env };
  // Codex's servers are there in all projects. Those of Claude Desktop go where Claude Code puts them.
  const scope = options.scope ?? (source === 'codex' ? 'user' : 'local');
  const [place] = serverPlaces(scope, where);
  const isWanted = (name: string): boolean => names.length === 0 || names.includes(name);
  const wanted = Object.entries(found.servers).filter(([name]) => isWanted(name));
  const { stdout } = context;
  const isOwn = ownEntries(context);
  for (const name of found.off.filter(isWanted))
    stdout.write(`left out ${visibleLine(name, 100)}: it is switched off there\n`);
  for (const [written, entry] of wanted) {
    const name = written.replaceAll(/[^\w-]/g, '_');
    const shown = visibleLine(name, 100);
    try {
      if (isOwnAsWritten(entry, context.env, isOwn)) {
        stdout.write(`left out ${shown}: it ${ownEndpointText}\n`);
        continue;
      }
      if (placesOf(name, where).length > 0) {
        stdout.write(`left out ${shown}: there is a server of this name\n`);
        continue;
      }
      writeServer(name, entryIn(name, entry), place);
      stdout.write(`added ${shown}${leftOutText(found.leftOut(written))}\n`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      stdout.write(`left out ${shown}: ${error.message}\n`);
    }
  }
  stdout.write(
    wanted.length === 0
      ? noneIn(found)
      : `to ${scope} config (${scopeWords[scope]}): ${visibleLine(place.file, 300)}\n`,
  );
}

function assertThere(names: readonly string[], { file, servers, off }: FoundServers): void {
  for (const name of names) {
    if (!Object.hasOwn(servers, name) && !off.includes(name))
      throw new CliError(`${file} has no MCP server named "${visibleLine(name, 100)}"`);
  }
}

function entryIn(name: string, entry: unknown): JsonObject {
  if (!isJsonObject(entry)) throw new UserError('Invalid configuration: it is no object');
  checkServerName(name);
  checkServerEntry(entry);
  return entry;
}

/** A variable stays as it is written in what is imported. */
function isOwnAsWritten(entry: unknown, env: Environment, isOwn: (entry: JsonObject) => boolean): boolean {
  return isJsonObject(entry) && isOwn(expandAll(entry, env) as JsonObject);
}

function noneIn({ file, off }: FoundServers): string {
  return `${file} has no MCP servers${off.length === 0 ? '' : ' that are switched on'}\n`;
}

const scopeWords = {
  user: 'for you everywhere',
  local: 'for you in this project',
  project: 'for all who work in this project, once it is allowed',
} as const;

/** What limits a server elsewhere must not be lost unseen. */
function leftOutText(names: readonly string[]): string {
  if (names.length === 0) return '';
  const shown = names.map((name) => visibleLine(name, 100)).join(', ');
  const hint = names.some((name) => name.endsWith('abled_tools'))
    ? ': permission rules keep tools away, `mcp__SERVER__TOOL`'
    : '';
  return `, without ${shown}, for which there is no setting${hint}`;
}

interface FoundServers {
  readonly file: string;
  readonly servers: JsonObject;
  /** The names of those that are switched off there. */
  readonly off: readonly string[];
  /** The names of what a server has there and its entry has not. */
  readonly leftOut: (name: string) => readonly string[];
}

function codexServers({ home, env }: CliContext): FoundServers {
  const file = join(userFolders(home, env).codex, 'config.toml');
  const config = parseCodexConfig(textOf(file), file);
  if (config.fault !== undefined) {
    throw new CliError(`${file}, line ${config.fault.line}: is not TOML: ${config.fault.message}`);
  }
  const tables = tableAt(config.document, 'mcp_servers');
  // The entry that `init` wrote leads here.
  const entries = Object.entries(tables).filter(([name, entry]) => name !== mcpId && isJsonObject(entry));
  const isOff = ([, entry]: readonly [string, unknown]): boolean =>
    (entry as JsonObject)['enabled'] === false;
  const servers = entries
    .filter((entry) => !isOff(entry))
    .map(([name, entry]) => [name, entryOfCodex(entry as JsonObject)]);
  return {
    file,
    servers: Object.fromEntries(servers) as JsonObject,
    off: entries.filter(isOff).map(([name]) => name),
    leftOut: (name) => leftOutOfCodex(tables[name] as JsonObject),
  };
}

function desktopServers({ home, env }: CliContext): FoundServers {
  const file = join(desktopFolder(home, valueOf(env, 'APPDATA')), 'Claude', 'claude_desktop_config.json');
  const document = parseJsonObject(textOf(file).replace(/^\ufeff/, ''));
  if (document === undefined) throw new CliError(`${file} is not a JSON object`);
  const servers = document['mcpServers'];
  return { file, servers: isJsonObject(servers) ? servers : {}, off: [], leftOut: () => [] };
}

function desktopFolder(home: string, appData: string | undefined): string {
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support');
  return process.platform === 'win32' ? (appData ?? join(home, 'AppData', 'Roaming')) : join(home, '.config');
}

function textOf(file: string): string {
  const text = readTextFile(file);
  if (text === undefined) throw new CliError(`there is no ${visibleLine(file, 300)}`);
  return text;
}
