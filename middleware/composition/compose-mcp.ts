import { ToolPins } from '../features/mcp/definitions/tool-pins.ts';
import { Logins } from '../features/mcp/login/logins.ts';
import { ToolOffers } from '../features/mcp/offer/tool-offers.ts';
import { createMcpServers, type McpServers } from '../features/mcp/mcp-servers.ts';
import { poolLimits } from '../features/mcp/pool/pool-limits.ts';
import { ServerPool } from '../features/mcp/pool/server-pool.ts';
import type { RequestStage } from '../kernel/stage.ts';
import { LoginNotes } from '../pipeline/mcp/login-notes.ts';
import { ServerNotes } from '../pipeline/mcp/server-notes.ts';
import { AskingCalls } from '../pipeline/mcp/asking-calls.ts';
import type { ToolRunnerParts } from '../pipeline/mcp/tool-runner.ts';
import { createOfferToolsStage } from '../pipeline/request/offer-tools.ts';
import { heldKeys, withoutOurKeys } from '../platform/process/without-our-keys.ts';
import { providerKeys } from '../upstreams/litellm/provider-keys.ts';
import { createReachedTargets } from '../platform/secrets/reached-targets.ts';
import { createSecretRemover } from '../platform/telemetry/without-secrets.ts';
import type { Metrics } from '../platform/telemetry/metrics.ts';
import type { Projects } from './compose-commands.ts';
import type { ComposeOptions } from './compose-options.ts';
import type { Upstreams } from './compose-upstreams.ts';

/** The MCP servers of all projects; none is started before it is used. */
export function composeMcp(
  options: ComposeOptions,
  { trust }: Pick<Projects, 'trust'>,
  { watchMcpServers, countMcpCall }: Pick<Metrics, 'watchMcpServers' | 'countMcpCall'>,
): McpServers {
  const { config, env, litellm, log, now, version } = options;
  const logins = new Logins({ stateDir: config.stateDir, log, now: () => new Date() });
  const withheldEnv = providerKeys(config);
  const ownKeys = heldKeys(config, env, withheldEnv);
  const reached = createReachedTargets(litellm);
  const pool = new ServerPool({
    ...{ log, now, logins },
    version: version.version,
    limits: poolLimits,
    clean: createSecretRemover({
      held: () => [...ownKeys, ...reached().map(({ masterKey }) => masterKey)],
      shapes: config.mcp.redactResults,
    }),
  });
  watchMcpServers(() => pool.figures());
  return createMcpServers({
    ...{ pool, trust, logins },
    pins: config.mcp.pinTools ? new ToolPins({ stateDir: config.stateDir, log, now }) : undefined,
    sampling: config.mcp.sampling,
    env: withoutOurKeys(env, withheldEnv),
    onCall: countMcpCall,
  });
}

interface OfferParts {
  readonly projects: Projects;
  readonly mcp: McpServers;
  readonly hooks: Pick<ToolRunnerParts, 'afterCall' | 'questionHooksOf'>;
  readonly models: Upstreams['models'];
}

/** The stage that offers their tools to models; none where nobody is to have them. */
export function composeToolOffers(
  { config: { mcp: settings }, log }: ComposeOptions,
  { projects, mcp, hooks: { afterCall, questionHooksOf }, models }: OfferParts,
): readonly RequestStage[] {
  if (settings.tools === 'never') return [];
  const loginNotes = new LoginNotes(mcp);
  const serverNotes = new ServerNotes(mcp);
  const offers = new ToolOffers({ servers: mcp, waitMs: settings.waitMs });
  const asking = new AskingCalls({
    ...{ log, askedQuestions: projects.askedQuestions },
    sampling: { ...models, servers: settings.sampling },
  });
  return [
    createOfferToolsStage({
      ...projects,
      ...{ mcp, afterCall, questionHooksOf, offers, loginNotes, serverNotes, asking },
      ...settings,
    }),
  ];
}
