import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogFields } from '../../../middleware/kernel/log.ts';
import type { JsonObject } from '../../../middleware/kernel/json-object.ts';
import { ToolPins } from '../../../middleware/features/mcp/definitions/tool-pins.ts';
import { Logins } from '../../../middleware/features/mcp/login/logins.ts';
import type { CallOutcome } from '../../../middleware/features/mcp/mcp-failure.ts';
import { createMcpServers, type McpServers } from '../../../middleware/features/mcp/mcp-servers.ts';
import { poolLimits, type PoolLimits } from '../../../middleware/features/mcp/pool/pool-limits.ts';
import { ServerPool } from '../../../middleware/features/mcp/pool/server-pool.ts';
import { textOf } from '../../../middleware/features/mcp/tool-outcome.ts';
import type { TrustStore } from '../../../middleware/features/trust/trust-store.ts';
import type { Scope } from '../../../middleware/kernel/config-source.ts';
import {
  makeSnapshot,
  type ProjectSnapshot,
} from '../../../middleware/platform/config/scopes/project-snapshot.ts';
import { collectedLog } from '../collected-log.ts';

const fixtureServer = join(import.meta.dirname, 'fixture-server.ts');

/** A folder with MCP servers that are really started, and what is seen of them. */
export interface PoolPlace {
  readonly folder: string;
  readonly servers: McpServers;
  readonly pool: ServerPool;
  readonly lines: readonly LogFields[];
  readonly outcomes: readonly CallOutcome[];
  /** How many servers are in which state. */
  readonly counts: Readonly<Record<string, number>>;
  /** The servers by their names as they are written, of the user unless another scope is named. */
  readonly project: (entries: Readonly<Record<string, JsonObject>>, of?: ProjectOptions) => ProjectSnapshot;
  /** The text that a tool answers with. */
  readonly call: (
    project: ProjectSnapshot,
    tool: string,
    input?: JsonObject,
    options?: CallOptions,
  ) => Promise<string>;
  /** The process ids of all starts of the fixture so far. */
  readonly starts: () => readonly number[];
  readonly close: () => Promise<void>;
}

interface ProjectOptions {
  readonly scope?: Scope;
  readonly workspace?: string;
  readonly settings?: JsonObject;
}

interface CallOptions {
  readonly server?: string;
  readonly signal?: AbortSignal;
}

interface PlaceOptions {
  readonly limits?: Partial<PoolLimits>;
  readonly env?: Readonly<Record<string, string>>;
  readonly decisionOn?: TrustStore['decisionOn'];
  readonly now?: () => number;
  /** Whether changed tools are held back, as they are by default. */
  readonly pinTools?: boolean;
  /** Where logins are kept; in the folder otherwise. */
  readonly stateDir?: string;
  /** The time of day, by which logins end. */
  readonly date?: () => Date;
}

/** The fixture as the entry of a server. */
export function fixture(behaviour = 'good', more: JsonObject = {}): JsonObject {
  return { command: process.execPath, args: [fixtureServer, behaviour], ...more };
}

/** A server with prompts and resources, as the entry of one. */
export function contentsFixture(more: JsonObject = {}): JsonObject {
  return { command: process.execPath, args: [join(import.meta.dirname, 'contents-server.ts')], ...more };
}

/** A server whose tools ask the user, of the newer protocol or of the older one, as the entry of one. */
export function askingFixture(era: 'new' | 'old'): JsonObject {
  return { command: process.execPath, args: [join(import.meta.dirname, 'asking-server.ts'), era] };
}

/** A server that nobody's library is in, as the entry of one. */
export function bareFixture(more: JsonObject = {}): JsonObject {
  return { command: process.execPath, args: [join(import.meta.dirname, 'bare-server.ts')], ...more };
}

/** A server of a folder that answers methods with these results, as the entry of one. */
export function scriptedFixture(folder: string, results: JsonObject): JsonObject {
  return changingFixture(folder, results).entry;
}

/** The same, and how to have it answer with others from then on, of which it tells nobody. */
export function changingFixture(
  folder: string,
  results: JsonObject,
): { readonly entry: JsonObject; readonly change: (results: JsonObject) => void } {
  const file = join(folder, `script-${randomUUID()}.json`);
  const change = (now: JsonObject): void => {
    // In one step: it may read the file meanwhile.
    writeFileSync(`${file}.new`, JSON.stringify(now));
    renameSync(`${file}.new`, file);
  };
  change(results);
  return {
    entry: { command: process.execPath, args: [join(import.meta.dirname, 'scripted-server.ts'), file] },
    change,
  };
}

/** Nothing waits before a start after a failure, unless the limits say so. */
export function poolPlace({
  limits,
  env,
  decisionOn,
  now = () => performance.now(),
  date,
  stateDir,
  pinTools = true,
}: PlaceOptions = {}): PoolPlace {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-'));
  const startsFile = join(folder, 'starts');
  const { log, lines } = collectedLog();
  const outcomes: CallOutcome[] = [];
  const logins = new Logins({
    stateDir: stateDir ?? join(folder, 'state'),
    log,
    now: date ?? (() => new Date()),
  });
  const pool = new ServerPool({
    ...{ log, logins, now },
    version: '0.1.0',
    limits: { ...poolLimits, backOffMs: 0, ...limits },
  });
  const servers = createMcpServers({
    ...{ pool, logins },
    pins: pinTools ? new ToolPins({ stateDir: stateDir ?? join(folder, 'state'), log, now }) : undefined,
    trust: { decisionOn: decisionOn ?? (() => Promise.resolve(undefined)) },
    env: { PATH: process.env['PATH'] ?? '', STARTS_FILE: startsFile, ...env },
    onCall: (outcome) => {
      outcomes.push(outcome);
    },
  });
  return {
    ...{ folder, servers, pool, lines, outcomes },
    get counts() {
      return pool.figures().states;
    },
    project: (entries, of) => projectWith(entries, { workspace: folder, ...of }),
    call: async (project, tool, input = {}, { server = 'one', signal = new AbortController().signal } = {}) =>
      textOf(await servers.call({ server, tool, input, signal }, { project, conversation: 'c' })),
    starts: () => readNumbers(startsFile),
    close: async () => {
      await pool.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function projectWith(
  entries: Readonly<Record<string, JsonObject>>,
  { scope = 'user', workspace = '/', settings }: ProjectOptions,
): ProjectSnapshot {
  const source = { scope, family: 'claude' as const, file: join(workspace, '.mcp.json'), baseDir: workspace };
  return makeSnapshot(
    {
      ...{ workspace, home: workspace, commandFolders: [], problems: [] },
      settings: settings === undefined ? [] : [{ source: { ...source, scope: 'user' }, settings }],
      mcpServers: [{ source, servers: entries }],
    },
    'v',
    {},
  );
}

function readNumbers(file: string): readonly number[] {
  try {
    return readFileSync(file, 'utf8').trim().split('\n').map(Number);
  } catch {
    return [];
  }
}
