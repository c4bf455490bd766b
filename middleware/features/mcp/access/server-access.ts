import type { Environment } from '../../../platform/config/environment.ts';
import type { McpServer } from '../../../platform/config/scopes/merge-mcp-servers.ts';
import type { ProjectSnapshot } from '../../../platform/config/scopes/project-snapshot.ts';
import { serverDecision } from '../../trust/server-decision.ts';
import { subjectOfServer } from '../../trust/subject-of-server.ts';
import type { TrustStore } from '../../trust/trust-store.ts';
import { nameOf } from '../failure-of.ts';
import { launchOf as launchFor, type Launch } from '../launch.ts';
import { McpFailure } from '../mcp-failure.ts';
import { unsetVariables } from './unset-variables.ts';
import { readServerEntry } from '../read-server-entry.ts';
import type { ServerDefinition } from '../server-definition.ts';

/** Who uses a server: in which project, in which conversation. */
export interface McpPlace {
  readonly project: Pick<ProjectSnapshot, 'workspace' | 'settings' | 'mcpServers'>;
  readonly conversation: string;
}

interface LaunchParts {
  readonly env: Environment;
  /** The names of the servers that may ask the model of a conversation something; by default none. */
  readonly sampling?: readonly string[];
}

interface AccessParts {
  readonly trust: Pick<TrustStore, 'decisionOn'>;
  /** As `launchNamed` has it. */
  readonly launchOf: (name: string, project: McpPlace['project']) => Launch | undefined;
}

/** What was said of a server; `undefined` where nobody was asked. */
export type Decision = Awaited<ReturnType<TrustStore['decisionOn']>>;

/** The names of the servers of a place that may be used without asking anybody, and are not our own `/mcp`. */
export async function usableIn(
  place: McpPlace,
  trust: AccessParts['trust'],
  isOwn: (name: string, project: McpPlace['project']) => boolean,
): Promise<readonly string[]> {
  const names = await Promise.all(
    [...place.project.mcpServers].map(async ([name, server]) => {
      const isUsable =
        !isOwn(name, place.project) &&
        readServerEntry(server.value).kind === 'good' &&
        (await decisionOn(name, server, place, trust)) === 'allowed';
      return isUsable ? [name] : [];
    }),
  );
  return names.flat();
}

/** How a server is started that may be used. */
export async function allowedLaunch(
  name: string,
  place: McpPlace,
  { trust, launchOf }: AccessParts,
): Promise<Launch> {
  const { project } = place;
  const server = project.mcpServers.get(name);
  if (server === undefined)
    throw unusable(
      `no ${nameOf(name)} is configured for ${project.workspace}: \`/mcp list\` shows those that are`,
    );
  assertAllowed(name, server, await decisionOn(name, server, place, trust));
  const launch = launchOf(name, project);
  if (launch === undefined) throw unreadable(name, server);
  return launch;
}

/** `undefined` where there is none, or its entry cannot be read. */
export function launchNamed(
  name: string,
  project: McpPlace['project'],
  parts: LaunchParts,
): Launch | undefined {
  const server = project.mcpServers.get(name);
  const reading = server === undefined ? undefined : readServerEntry(server.value);
  if (server === undefined || reading?.kind !== 'good') return undefined;
  return launchFrom(reading.definition, { name, server, project, ...parts });
}

/** Whether a server of a place may be used; `undefined` where somebody has to be asked, or there is none. */
export async function decisionIn(
  name: string,
  place: McpPlace,
  trust: AccessParts['trust'],
): Promise<Decision> {
  const server = place.project.mcpServers.get(name);
  return server === undefined ? undefined : await decisionOn(name, server, place, trust);
}

/** Does something where a server of a place may be used; at once where nobody has to be asked, which is most often. */
export function ifAllowed(
  name: string,
  place: McpPlace,
  trust: AccessParts['trust'],
  work: () => void,
): Promise<void> | undefined {
  const server = place.project.mcpServers.get(name);
  if (server !== undefined && subjectOfServer(name, server, place.project) === undefined) {
    work();
    return undefined;
  }
  return decisionIn(name, place, trust).then((decision) => {
    if (decision === 'allowed') work();
  });
}

/** Servers that a project brings along are used only after somebody allowed them. */
async function decisionOn(
  name: string,
  server: McpServer,
  { project, conversation }: McpPlace,
  trust: AccessParts['trust'],
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

function unreadable(name: string, { source, value }: McpServer): McpFailure {
  const reading = readServerEntry(value);
  const fault = reading.kind === 'broken' ? `: ${reading.fault}` : '';
  return unusable(`${nameOf(name)} of ${source.file} cannot be used${fault}`);
}

interface LaunchedServer extends LaunchParts, Pick<McpPlace, 'project'> {
  readonly name: string;
  readonly server: McpServer;
}

function launchFrom(
  definition: ServerDefinition,
  { name, server, project, env, sampling = [] }: LaunchedServer,
): Launch {
  const { source } = server;
  const launch = launchFor(definition, { name, source, project, env, mayAskModel: sampling.includes(name) });
  const unset = unsetVariables(server);
  return unset.length === 0 ? launch : { ...launch, unset };
}

function unusable(message: string): McpFailure {
  return new McpFailure('unusable', message);
}
