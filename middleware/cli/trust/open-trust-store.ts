import { accessSync, constants } from 'node:fs';
import { trustFile, TrustStore } from '../../features/trust/trust-store.ts';
import { loadConfig } from '../../platform/config/load-config.ts';
import { codeOf } from '../../kernel/errors.ts';
import { checkStateFolder } from '../../platform/store/check-state-folder.ts';
import { createLog } from '../../platform/telemetry/log.ts';
import type { CliContext } from '../context.ts';

/**
 * What was decided about projects, as the middleware of this folder of state knows it. One that cannot be read is
 * an error here: a list without what was decided would be wrong.
 */
export function openTrustStore({ rootDir, env, stderr }: CliContext): TrustStore {
  const { stateDir } = loadConfig({ rootDir, env, isTerminal: false });
  checkStateFolder(stateDir);
  checkReadable(trustFile(stateDir));
  const log = createLog({ level: 'warn', format: 'pretty', stream: stderr });
  return new TrustStore({ stateDir, log, now: () => new Date() });
}

function checkReadable(file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}
