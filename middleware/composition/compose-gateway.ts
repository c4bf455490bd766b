import type { CallerKeys } from '../features/identity/caller-keys.ts';
import { createGateway } from '../features/mcp/gateway/gateway.ts';
import type { McpServers } from '../features/mcp/mcp-servers.ts';
import { createMcpEndpoint, type McpEndpoint } from '../http/gateway/mcp-endpoint.ts';
import { runCommandTool } from '../http/own-tools/run-command-tool.ts';
import { statusTool } from '../http/own-tools/status-tool.ts';
import type { HealthReport } from '../http/routes/health.ts';
import { findWorkspace } from '../platform/config/scopes/find-workspace.ts';
import type { ProjectSnapshot } from '../platform/config/scopes/project-snapshot.ts';
import type { Metrics } from '../platform/telemetry/metrics.ts';
import { composePromptMaker, type Projects } from './compose-commands.ts';
import type { Hooks } from './compose-hooks.ts';
import type { ComposeOptions } from './compose-options.ts';

interface GatewayParts {
  readonly projects: Pick<Projects, 'projectNamed' | 'catalog' | 'trust'>;
  readonly hooks: Pick<Hooks, 'guardMcpCalls' | 'tools'>;
  readonly mcp: McpServers;
  readonly keys: Pick<CallerKeys, 'identify'>;
  readonly metrics: Pick<Metrics, 'countMcpCall'>;
  readonly report: () => HealthReport;
}

/** `/mcp`, with our own tools and the servers of the user and of the project that a client names. */
export function composeGateway(
  options: ComposeOptions,
  { projects, hooks, mcp, keys, metrics, report }: GatewayParts,
): McpEndpoint {
  const {
    config,
    log,
    now,
    version: { version },
  } = options;
  const commands = runCommandTool({
    catalog: projects.catalog,
    makePrompt: composePromptMaker(options, projects),
    positionals: config.commands.positionals,
  });
  const ownTools = [statusTool(report, mcp), commands, ...hooks.tools];
  const reserved = new Set(ownTools.map(({ name }) => name));
  const gateway = createGateway({
    ...{ servers: mcp, prefix: config.mcp.prefix, reserved, log, now },
    onCall: metrics.countMcpCall,
  });
  return createMcpEndpoint({
    ...{ gateway, ownTools, version, log },
    callerOf: async (headers, workspace) => {
      const caller = keys.identify(headers);
      if (caller === undefined) return undefined;
      const named = workspace ?? folderIn(headers, config.workspaces.default);
      const projectNow = (): Promise<ProjectSnapshot | undefined> =>
        projects.projectNamed(caller.kind, named);
      return { caller, project: await projectNow(), projectNow };
    },
    guardOf: hooks.guardMcpCalls,
  });
}

function folderIn(
  headers: Parameters<typeof findWorkspace>[0]['headers'],
  defaultWorkspace: string | undefined,
): string | undefined {
  return findWorkspace({ headers, readInput: () => undefined, defaultWorkspace })?.path;
}
