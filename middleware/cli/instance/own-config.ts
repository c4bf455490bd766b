import { readApiService } from '../../platform/config/api/api-service.ts';
import type { Config } from '../../platform/config/config.ts';
import { loadConfig } from '../../platform/config/load-config.ts';
import type { CliContext } from '../context.ts';

/** The configuration of the middleware that is meant: the one of the two tiers, or that of `codex-plus api`. */
export function ownConfig({ rootDir, env, cwd }: CliContext, isApi: boolean): Config {
  if (!isApi) return loadConfig({ rootDir, env, isTerminal: false });
  const service = readApiService({ env, rootDir, cwd });
  return loadConfig({ rootDir, env: service.env, given: service.given, isTerminal: false });
}
