import { createMcpServers, type McpServers } from '../../features/mcp/mcp-servers.ts';
import { poolLimits } from '../../features/mcp/pool-limits.ts';
import { ServerPool } from '../../features/mcp/server-pool.ts';
import { loadConfig } from '../../platform/config/load-config.ts';
import { withoutOurKeys } from '../../platform/process/without-our-keys.ts';
import { readVersion } from '../../platform/release/read-version.ts';
import { createLog } from '../../platform/telemetry/log.ts';
import type { CliContext } from '../context.ts';
import { openTrustStore } from '../trust/open-trust-store.ts';

/** The MCP servers as the middleware of this configuration would use them; none runs before it is used. */
export function openServers(context: CliContext): McpServers {
  const { rootDir, env, stderr } = context;
  const config = loadConfig({ rootDir, env, isTerminal: false });
  return createMcpServers({
    pool: new ServerPool({
      // What fails is told as the result.
      log: createLog({ level: 'error', format: 'pretty', stream: stderr }),
      now: () => performance.now(),
      version: readVersion(rootDir).version,
      limits: poolLimits,
    }),
    trust: openTrustStore(context),
    env: withoutOurKeys(
      env,
      config.providers.map(({ apiKeyEnv }) => apiKeyEnv),
    ),
  });
}
