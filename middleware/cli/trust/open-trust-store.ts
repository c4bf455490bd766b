import { TrustStore } from '../../features/trust/trust-store.ts';
import { loadConfig } from '../../platform/config/load-config.ts';
import { createLog } from '../../platform/telemetry/log.ts';
import type { CliContext } from '../context.ts';

/** What was decided about projects, as the middleware of this folder of state knows it. */
export function openTrustStore({ rootDir, env, stderr }: CliContext): TrustStore {
  const { stateDir } = loadConfig({ rootDir, env, isTerminal: false });
  const log = createLog({ level: 'warn', format: 'pretty', stream: stderr });
  return new TrustStore({ stateDir, log, now: () => new Date() });
}
