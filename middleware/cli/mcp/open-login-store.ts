import { LoginStore } from '../../features/mcp/login/login-store.ts';
import { loadConfig } from '../../platform/config/load-config.ts';
import { createLog } from '../../platform/telemetry/log.ts';
import type { CliContext } from '../context.ts';

/** Where the logins at MCP servers are kept. */
export function openLoginStore({ rootDir, env, stderr }: CliContext): LoginStore {
  const { stateDir } = loadConfig({ rootDir, env, isTerminal: false });
  return new LoginStore(stateDir, createLog({ level: 'warn', format: 'pretty', stream: stderr }));
}
