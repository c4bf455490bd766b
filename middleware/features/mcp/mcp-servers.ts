import { ProtocolError } from '@modelcontextprotocol/client';
import type { JsonObject } from '../../kernel/json-object.ts';
import { visibleText } from '../../kernel/visible-text.ts';
import type { Environment } from '../../platform/config/environment.ts';
import type { McpServer } from '../../platform/config/scopes/merge-mcp-servers.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { serverDecision } from '../trust/server-decision.ts';
import { subjectOfServer } from '../trust/subject-of-server.ts';
import type { TrustStore } from '../trust/trust-store.ts';
import { nameOf } from './failure-of.ts';
import { launchOf, type Launch } from './launch.ts';
import { McpFailure } from './mcp-failure.ts';
import { inspect, type Inspection } from './inspection.ts';
import type { PooledServer } from './pooled-server.ts';
import { readServerEntry } from './read-server-entry.ts';
import type { ServerPool } from './server-pool.ts';
import type { ServerState } from './server-state.ts';
import { outcomeOf, type ToolOutcome } from './tool-outcome.ts';

interface McpServersOptions {
  readonly pool: ServerPool;
  readonly trust: Pick<TrustStore, 'decisionOn'>;
  /** What servers start from: our environment without our keys. */
  readonly env: Environment;
  /** Hears how each call ended. */
  readonly onCall?: (outcome: CallOutcome) => void;
}

export type CallOutcome = 'ok' | 'tool_error' | McpFailure['kind'];

/** Who uses a server: in which project, in which conversation. */
export interface McpPlace {
  readonly project: Pick<ProjectSnapshot, 'workspace' | 'settings' | 'mcpServers'>;
  readonly conversation: string;
}

export interface McpCall {
  readonly server: string;
  readonly tool: string;
  readonly input: JsonObject;
  readonly signal: AbortSignal;
}

/** The MCP servers of all projects, by their names there. */
export interface McpServers {
  /** Calls a tool. Rejects with an `McpFailure` where the server is at fault; what a tool says is wrong is an outcome. */
  readonly call: (call: McpCall, place: McpPlace) => Promise<ToolOutcome>;
  /** Starts or reaches a server, and asks it for all that it offers. Rejects with an `McpFailure` where that fails. */
  readonly inspect: (name: string, place: McpPlace, signal: AbortSignal) => Promise<Inspection>;
  /** What is known of a server; nothing is started for it, and `undefined` where it was never used. */
  readonly stateOf: (name: string, project: McpPlace['project']) => ServerState | undefined;
  /** Whether a server may be started; `undefined` where somebody has to be asked. Those that no project brings along may. */
  readonly decisionOn: (name: string, place: McpPlace) => Promise<Decision>;
  readonly close: () => Promise<void>;
}

interface Usable {
  readonly launch: Launch;
  readonly server: PooledServer;
}

type Decision = Awaited<ReturnType<TrustStore['decisionOn']>>;

const maxErrorLength = 10_000;

export function createMcpServers({ pool, trust, env, onCall }: McpServersOptions): McpServers {
  const usable = async (name: string, place: McpPlace, signal: AbortSignal): Promise<Usable> => {
    const { project } = place;
    signal.throwIfAborted();
    const server = project.mcpServers.get(name);
    if (server === undefined)
      throw unusable(
        `no ${nameOf(name)} is configured for ${project.workspace}: \`/mcp list\` shows those that are`,
      );
    assertAllowed(name, server, await decisionOn(name, server, place, trust));
    const launch = launchIn(name, server, project, env);
    return { launch, server: pool.server(launch) };
  };
  const call: McpServers['call'] = async ({ server: name, tool, input, signal }, place) => {
    const { launch, server } = await usable(name, place, signal);
    return await server.use({
      what: `tool "${tool}"`,
      signal,
      work: async (connection, until) => {
        const result = await connection.call(tool, input, until);
        return outcomeOf(result, name, launch.maxTokens);
      },
    });
  };
  return {
    call: async (asked, place) => {
      try {
        const outcome = await withToldErrors(call(asked, place));
        onCall?.(outcome.isError ? 'tool_error' : 'ok');
        return outcome;
      } catch (error) {
        onCall?.(error instanceof McpFailure ? error.kind : 'aborted');
        throw error;
      }
    },
    inspect: async (name, place, signal) => {
      const { server } = await usable(name, place, signal);
      return await server.use({ what: 'the lists of what it offers', signal, work: inspect });
    },
    stateOf: (name, project) => {
      const server = project.mcpServers.get(name);
      const reading = server === undefined ? undefined : readServerEntry(server.value);
      if (server === undefined || reading?.kind !== 'good') return undefined;
      return pool.stateOf(launchOf(reading.definition, { name, source: server.source, project, env }));
    },
    decisionOn: async (name, place) => {
      const server = place.project.mcpServers.get(name);
      return server === undefined ? undefined : await decisionOn(name, server, place, trust);
    },
    close: () => pool.close(),
  };
}

/** What a server answers with an error of the protocol is told as an error of its tool. */
async function withToldErrors(call: Promise<ToolOutcome>): Promise<ToolOutcome> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    const text = visibleText(error.message.slice(0, maxErrorLength));
    return { parts: [{ kind: 'text', text }], isError: true };
  }
}

/** Servers that a project brings along are used only after somebody allowed them. */
async function decisionOn(
  name: string,
  server: McpServer,
  { project, conversation }: McpPlace,
  trust: McpServersOptions['trust'],
): Promise<Decision> {
  const subject = subjectOfServer(name, server, project);
  if (subject === undefined) return 'allowed';
  return serverDecision(name, project.settings) ?? (await trust.decisionOn(subject, conversation));
}

function assertAllowed(name: string, { source: { file } }: McpServer, decision: Decision): void {
  if (decision === 'denied') throw unusable(`${nameOf(name)} of ${file} is switched off`);
  if (decision === undefined)
    throw unusable(`${nameOf(name)} of ${file} was not allowed yet: \`codex-plus trust add\` does`);
}

function launchIn(
  name: string,
  { value, source }: McpServer,
  project: McpPlace['project'],
  env: Environment,
): Launch {
  const reading = readServerEntry(value);
  if (reading.kind === 'broken')
    throw unusable(`${nameOf(name)} of ${source.file} cannot be used: ${reading.fault}`);
  return launchOf(reading.definition, { name, source, project, env });
}

function unusable(message: string): McpFailure {
  return new McpFailure('unusable', message);
}
