import { createHash } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import type { McpServer } from '../../platform/config/scopes/merge-mcp-servers.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import type { Environment } from '../../platform/config/environment.ts';
import type { UnsetVariable } from './access/unset-variables.ts';
import type { Abilities } from './client/abilities.ts';
import { needsTrust } from '../trust/needs-trust.ts';
import { isProjectServer } from '../trust/subject-of-server.ts';
import type { RemoteDefinition, ServerDefinition, StdioDefinition } from './server-definition.ts';

/** A server as it is started or reached for somebody who works in a folder. */
export type Launch = StdioLaunch | RemoteLaunch;

interface LaunchBase {
  /** As its user calls it. */
  readonly name: string;
  /**
   * The same for all who can share one connection: with all that decides what runs, where, and by whose credential, and with
   * the name that its failures are told by.
   */
  readonly key: string;
  readonly cwd: string;
  /** The whole environment of what is started. */
  readonly env: Environment;
  readonly startMs: number;
  readonly callMs: number;
  /** How much text of a result is passed on. */
  readonly maxTokens: number;
  /** Whether it may ask the model of a conversation something (sampling). */
  readonly mayAskModel: boolean;
  /** Variables of its entry that are not set. */
  readonly unset?: readonly UnsetVariable[];
  /** What a connection lets the server ask; where it is left out, nothing. */
  readonly abilities?: Abilities;
  /** The key of the same without abilities, where it has some. */
  readonly plainKey?: string;
}

export interface StdioLaunch extends LaunchBase, Pick<StdioDefinition, 'kind' | 'file' | 'args'> {
  /** The folder of the project that it works for; `undefined` for one that serves all of them. */
  readonly root: string | undefined;
  /** Of its environment, what its entry says. */
  readonly given: Readonly<Record<string, string>>;
}

export interface RemoteLaunch
  extends LaunchBase, Pick<RemoteDefinition, 'kind' | 'url' | 'headers' | 'headersHelper' | 'oauth'> {}

export interface LaunchPlace {
  readonly name: string;
  readonly source: McpServer['source'];
  readonly project: Pick<ProjectSnapshot, 'workspace' | 'settings'>;
  /** What the user's own programs start from: our environment without our keys. */
  readonly env: Environment;
  readonly mayAskModel: boolean;
}

const defaultStartMs = 30_000;
const defaultCallMs = 600_000;
const defaultMaxTokens = 25_000;

/** What is started for a server in a place. Two places get the same key only where the same would be started. */
export function launchOf(definition: ServerDefinition, place: LaunchPlace): Launch {
  const { name, project, mayAskModel } = place;
  const settings = settingsFor(place);
  const all = { ...place.env, ...settings };
  const startMs = millisecondsIn(numberIn(all['MCP_TIMEOUT']) ?? defaultStartMs);
  const callMs = millisecondsIn(definition.timeoutMs ?? numberIn(all['MCP_TOOL_TIMEOUT']) ?? defaultCallMs);
  const maxTokens = Math.ceil(numberIn(all['MAX_MCP_OUTPUT_TOKENS']) ?? defaultMaxTokens);
  const limits = { name, startMs, callMs, maxTokens, mayAskModel };
  // An older server is told once for a connection: two that may not do the same share none.
  const told = { callMs, startMs, ...(mayAskModel && { mayAskModel }) };
  if (definition.kind === 'stdio') {
    const { kind, file, args, cwd = '' } = definition;
    // A server whose folder is named serves all workspaces, and so gets none.
    const root = isAbsolute(cwd) ? undefined : project.workspace;
    const own = { ...settings, ...(root !== undefined && { CLAUDE_PROJECT_DIR: root }), ...definition.env };
    const folder = root === undefined ? cwd : join(root, cwd);
    const key = keyOf({ name, kind, file, args, folder, own, ...told });
    return {
      ...limits,
      ...{ kind, file, args, key, root, given: definition.env },
      cwd: folder,
      env: { ...place.env, ...own },
    };
  }
  const { kind, url, headers, headersHelper, oauth } = definition;
  // Only a helper runs in a folder.
  const local =
    headersHelper === undefined
      ? {}
      : { CLAUDE_PROJECT_DIR: project.workspace, ...settings, CLAUDE_CODE_MCP_SERVER_NAME: name };
  const key = keyOf({ name, kind, url, headers, headersHelper, oauth, local, ...told });
  const { workspace: cwd } = project;
  return {
    ...limits,
    ...{ kind, url, headers, headersHelper, oauth, key, cwd },
    env: { ...place.env, ...local },
  };
}

/** The same for clients that can be asked something: an older server is told so once for the whole connection. */
export function launchWith(launch: Launch, abilities: Abilities): Launch {
  if (Object.keys(abilities).length === 0) return launch;
  return { ...launch, abilities, plainKey: launch.key, key: keyOf({ key: launch.key, abilities }) };
}

/** The same for all connections of a server, whatever they let it ask. */
export function plainKeyOf({ key, plainKey = key }: Pick<Launch, 'key' | 'plainKey'>): string {
  return plainKey;
}

/** Variables of settings: those of a project, like `PATH`, decide what runs, and are for its own servers only. */
function settingsFor({ source, project }: LaunchPlace): Readonly<Record<string, string>> {
  const mayProject = isProjectServer({ source });
  const found = [...project.settings.env].flatMap(([name, winner]) => {
    const counts = [winner, ...winner.overridden].find((one) => mayProject || !needsTrust(one.source));
    return counts === undefined ? [] : [[name, counts.value] as const];
  });
  return Object.fromEntries(found);
}

/** A longer time than 2³¹ milliseconds would fire at once; twice this one is still shorter, with some seconds to spare. */
const longestMs = 2 ** 30 - 10_000;

/** A time that timers take. */
function millisecondsIn(value: number): number {
  return Math.min(Math.ceil(value), longestMs);
}

function numberIn(text: string | undefined): number | undefined {
  const value = Number(text?.trim());
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

function keyOf(launch: object): string {
  return createHash('sha256').update(canonicalJson(launch)).digest('hex');
}
