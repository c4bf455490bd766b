import { type JsonObject } from '../../../kernel/json-object.ts';
import type { ConfigSource } from '../../../kernel/config-source.ts';
import type { Environment } from '../environment.ts';
import type { IgnoredSetting } from './apply-policy.ts';
import { expandAll } from './expand-variables.ts';
import { mcpRefusal } from './mcp-policy.ts';
import type { MergedSettings } from './merge-settings.ts';
import { pathText } from './files/read-json-object.ts';
import type { WrittenServers } from './read-mcp-servers.ts';
import type { Sourced, Winner } from './sourced.ts';

/** The entry of an MCP server, variables replaced; what it means is for whoever connects. */
export type McpServer = Winner<JsonObject>;

export interface McpLayer {
  readonly source: ConfigSource;
  readonly servers: WrittenServers;
}

interface MergedMcpServers {
  readonly servers: ReadonlyMap<string, McpServer>;
  /** Those that `allowedMcpServers` and `deniedMcpServers` keep out. */
  readonly refused: readonly IgnoredSetting[];
}

/**
 * Merges the servers of all files, given the strongest first: by name the strongest entry wins whole, different names add
 * up. Then the lists of the settings decide which of them may be used.
 */
export function mergeMcpServers(
  layers: readonly McpLayer[],
  settings: MergedSettings,
  env: Environment,
): MergedMcpServers {
  const servers = new Map<string, McpServer>();
  const refused: IgnoredSetting[] = [];
  const policy = {
    allowed: settings.allowedMcpServers?.map(({ value }) => value),
    denied: settings.deniedMcpServers.map(({ value }) => value),
  };
  const expand = createExpansion(settings.env, env);
  for (const name of new Set(layers.flatMap((layer) => Object.keys(layer.servers)))) {
    const [strongest, ...overridden] = layers.flatMap(({ source, servers: written }) => {
      const entry = Object.hasOwn(written, name) ? written[name] : undefined;
      return entry === undefined ? [] : [expand(entry, source)];
    });
    if (strongest === undefined) continue;
    const reason = mcpRefusal(name, strongest.value, policy);
    if (reason === undefined) servers.set(name, { ...strongest, overridden });
    else refused.push({ key: pathText(['mcpServers', name]), source: strongest.source, reason });
  }
  return { servers, refused };
}

/** The parts of an entry in which Claude Code replaces variables, and `auth` and `oauth`, where it does not. */
export const expandedParts: ReadonlySet<string> = new Set([
  'command',
  'args',
  'env',
  'url',
  'headers',
  'auth',
  'oauth',
]);

function createExpansion(
  variables: MergedSettings['env'],
  env: Environment,
): (entry: JsonObject, source: ConfigSource) => Sourced<JsonObject> {
  const all = { ...env };
  const trusted = { ...env };
  for (const [name, variable] of variables) {
    all[name] = variable.value;
    const outside = [variable, ...variable.overridden].find(({ source }) => !isInProject(source));
    if (outside !== undefined) trusted[name] = outside.value;
  }
  return (written, source) => {
    // A project that could set variables for the servers of its user could send their keys to a host of its choice.
    const environment = source.scope === 'project' ? all : trusted;
    const parts = Object.entries(written).map(([name, part]) => [
      name,
      expandedParts.has(name) ? expandAll(part, environment) : part,
    ]);
    return { value: Object.fromEntries(parts) as JsonObject, source, written };
  };
}

function isInProject({ scope }: ConfigSource): boolean {
  return scope === 'project' || scope === 'local';
}
