import type { Log } from '../../kernel/log.ts';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import { createLog } from '../telemetry/log.ts';
import { createKnownKeyRemover } from './upstream-words.ts';

/** The log of a program of ours, on stdout: no line of it has what its upstreams are called with. */
export function createOwnLog(config: Config, env: Environment): Log {
  const clean = createKnownKeyRemover({ config, env, now: () => performance.now() });
  return createLog({ ...config.log, stream: process.stdout, clean });
}
