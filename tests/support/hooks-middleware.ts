import type { McpServers } from '../../middleware/features/mcp/mcp-servers.ts';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import { composeCommands, composeProjects } from '../../middleware/composition/compose-commands.ts';
import { composeGateway } from '../../middleware/composition/compose-gateway.ts';
import { composeHooks } from '../../middleware/composition/compose-hooks.ts';
import { composeMcp } from '../../middleware/composition/compose-mcp.ts';
import { composeUpstreams } from '../../middleware/composition/compose-upstreams.ts';
import { HookRuns, type HookRun } from '../../middleware/features/hooks/run/hook-runs.ts';
import { createCallerKeys } from '../../middleware/features/identity/caller-keys.ts';
import { createExchangeLane } from '../../middleware/http/serve-exchange.ts';
import type { AnswerFilter } from '../../middleware/kernel/answer-filter.ts';
import type { LogFields } from '../../middleware/kernel/log.ts';
import { createAnswerStepsFilter } from '../../middleware/pipeline/answer/answer-steps-filter.ts';
import type { ToolChecker } from '../../middleware/pipeline/hooks/tool-checker.ts';
import { createFollowAnswerStage } from '../../middleware/pipeline/request/follow-answer.ts';
import { createResolveApprovalStage } from '../../middleware/pipeline/request/resolve-approval.ts';
import { createRestoreHistoryStage } from '../../middleware/pipeline/request/restore-history.ts';
import { createWalk } from '../../middleware/pipeline/walk.ts';
import { loadConfig } from '../../middleware/platform/config/load-config.ts';
import { readVersion } from '../../middleware/platform/release/read-version.ts';
import { createMetrics } from '../../middleware/platform/telemetry/metrics.ts';
import { ownedApi, pathBelowRoot } from '../../middleware/protocol/api-path.ts';
import type { LitellmTier } from '../../middleware/upstreams/litellm/litellm-tier.ts';
import { collectedLog } from './collected-log.ts';
import { rootDir } from './compose-middleware.ts';
import { bodyLimits } from './body-limits.ts';
import { testNow } from './test-clock.ts';

/** The walk with commands and hooks, and `/mcp`, on a real socket. */
export interface HooksMiddleware {
  readonly port: number;
  readonly lines: readonly LogFields[];
  readonly runs: () => readonly HookRun[];
  readonly metrics: () => Promise<string>;
  /** What the checker had to say to the newest exchange that went up. */
  readonly checks: () => ReturnType<ToolChecker['concerns']>;
  /** Ends the sessions, and takes nothing more. */
  readonly close: () => Promise<void>;
}

/** Starts it for a home folder; the state is kept beside it. */
export async function startHooksMiddleware(
  upstreamUrl: string,
  folder: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<HooksMiddleware> {
  const env = {
    ...variables,
    PATH: process.env['PATH'] ?? '',
    CODEX_PLUS_STATE_DIR: join(folder, 'state'),
    OPENAI_API_KEY: 'sk-of-the-provider',
    MY_OWN: 'mine',
  };
  const config = loadConfig({ rootDir, env, isTerminal: false });
  const { log, lines } = collectedLog();
  const metrics = createMetrics();
  const hookRuns = new HookRuns();
  const version = readVersion(rootDir);
  const options = {
    config,
    env,
    log,
    homeDir: join(folder, 'home'),
    litellm: readyTier(upstreamUrl),
    version,
    now: testNow,
  };
  const projects = composeProjects(options, () => mcp);
  const upstreams = composeUpstreams(options, metrics, () => undefined);
  const mcp: McpServers = composeMcp(options, projects, metrics);
  const hooks = composeHooks(options, { ...{ projects, mcp, hookRuns, metrics }, ...upstreams });
  let checks: ReturnType<ToolChecker['concerns']>;
  const noteChecks: AnswerFilter = {
    name: 'note-checks',
    wants: (exchange) => {
      checks = hooks.checker.concerns(exchange);
      return false;
    },
    events: (frames) => frames,
    json: (answer) => answer,
  };
  const lane = createExchangeLane({
    bodies: bodyLimits(config.server.maxBodyBytes, config.server.maxBodyBytesInFlight),
    keepaliveMs: 0,
    callerOf: () => ({ kind: 'local' }),
    walk: createWalk({
      stages: [
        createFollowAnswerStage(projects.sessions),
        createResolveApprovalStage(projects),
        composeCommands(options, { projects, mcp, builtIns: () => Promise.resolve(undefined) }),
        hooks.promptHooks,
        createRestoreHistoryStage(projects),
      ],
      send: upstreams.send,
      limits: config.limits,
      filters: [
        noteChecks,
        createAnswerStepsFilter({
          ...{ sessions: projects.sessions, send: upstreams.send, limits: config.limits },
          // Calls are decided in tests of their own.
          steps: hooks.answerSteps.filter(({ name }) => name !== 'check-tool-calls'),
        }),
      ],
    }),
    activity: metrics,
    observers: [],
    log,
  });
  const keys = createCallerKeys([]);
  const gateway = composeGateway(options, {
    ...{ projects, hooks, mcp, keys, metrics },
    report: () => ({
      draining: false,
      notReadyReason: undefined,
      sandboxMode: undefined,
      details: {},
      openDetails: {},
    }),
  });
  const app = express().use(gateway.router);
  const server = createServer((req, res) => {
    const path = pathBelowRoot(req.url ?? '/');
    const api = ownedApi(path);
    if (api === undefined) app(req, res);
    else void lane(req, res, { id: randomUUID(), api, path });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    lines,
    runs: () => hookRuns.list(),
    metrics: () => metrics.text(),
    checks: () => checks,
    close: async () => {
      if (!server.listening) return;
      server.closeAllConnections();
      server.close();
      await gateway.close();
      await hooks.close();
      await mcp.close();
      await upstreams.close();
    },
  };
}

function readyTier(url: string): LitellmTier {
  return {
    start: () => undefined,
    stop: () => Promise.resolve(),
    status: () => ({ since: 0, models: [], state: 'ready' }),
    target: () => ({ url, masterKey: 'sk-test-master-0123456789abcdef' }),
    missingKey: () => undefined,
    onChange: () => undefined,
  };
}
