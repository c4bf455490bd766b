import { ToolPins } from '../../features/mcp/definitions/tool-pins.ts';
import { Logins } from '../../features/mcp/login/logins.ts';
import { createMcpServers, type McpServers } from '../../features/mcp/mcp-servers.ts';
import { poolLimits } from '../../features/mcp/pool/pool-limits.ts';
import { ServerPool } from '../../features/mcp/pool/server-pool.ts';
import { loadConfig } from '../../platform/config/load-config.ts';
import { heldKeys, withoutOurKeys } from '../../platform/process/without-our-keys.ts';
import { providerKeys } from '../../upstreams/litellm/provider-keys.ts';
import { readVersion } from '../../platform/release/read-version.ts';
import { createLog } from '../../platform/telemetry/log.ts';
import { createSecretRemover } from '../../platform/telemetry/without-secrets.ts';
import type { CliContext } from '../context.ts';
import { openTrustStore } from '../trust/open-trust-store.ts';

/** The MCP servers as the middleware of this configuration would use them; none runs before it is used. */
export function openServers(context: CliContext): McpServers {
  const { rootDir, env, stderr } = context;
  const config = loadConfig({ rootDir, env, isTerminal: false });
  // What fails is told as the result.
  const log = createLog({ level: 'error', format: 'pretty', stream: stderr });
  const now = (): number => performance.now();
  const logins = new Logins({ stateDir: config.stateDir, log, now: () => new Date() });
  const withheldEnv = providerKeys(config);
  const ownKeys = heldKeys(config, env, withheldEnv);
  return createMcpServers({
    logins,
    pins: config.mcp.pinTools ? new ToolPins({ stateDir: config.stateDir, log, now }) : undefined,
    pool: new ServerPool({
      ...{ log, logins, now },
      version: readVersion(rootDir).version,
      limits: poolLimits,
      clean: createSecretRemover({
        held: () => ownKeys,
        shapes: config.mcp.redactResults,
      }),
    }),
    trust: openTrustStore(context),
    env: withoutOurKeys(env, withheldEnv),
  });
}
