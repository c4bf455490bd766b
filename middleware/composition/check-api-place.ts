import { accessSync, constants } from 'node:fs';
import { codeOf } from '../kernel/errors.ts';
import { ConfigError, type ConfigFault } from '../platform/config/config-error.ts';
import type { Config } from '../platform/config/config.ts';
import type { Environment } from '../platform/config/environment.ts';
import { makeFolder } from '../platform/store/make-folder.ts';
import { temporaryHome } from '../upstreams/codex/temporary-home.ts';
import { workerCommand } from '../upstreams/codex/worker-command.ts';

/**
 * Throws a ConfigError where a service that has nothing but Codex could not answer anybody: without the program, or
 * where it cannot write what it has to, or where no command could run.
 */
export async function checkApiPlace({ codex }: Config, env: Environment): Promise<void> {
  const faults = [
    ...(await programFaults(codex, env)),
    ...folderFaults('CODEX_HOME', codex.home),
    ...temporaryFaults(codex, env),
    ...folderFaults('PROXY_CODEX_WORKDIR', codex.workDir),
  ];
  if (faults.length > 0) throw new ConfigError(faults);
}

async function programFaults(codex: Config['codex'], env: Environment): Promise<readonly ConfigFault[]> {
  try {
    await workerCommand(codex, { env, own: undefined });
    return [];
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [{ source: 'environment', path: 'CODEX_BIN', reason }];
  }
}

function temporaryFaults(codex: Config['codex'], env: Environment): readonly ConfigFault[] {
  const why = temporaryHome(codex, env);
  if (why === undefined) return [];
  const reason = `${why} with PROXY_SANDBOX_MODE=no-commands`;
  return [{ source: 'environment', path: 'CODEX_HOME', reason }];
}

function folderFaults(variable: string, folder: string): readonly ConfigFault[] {
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
    return [];
  } catch (error) {
    const reason = `${folder} cannot be written (${codeOf(error) ?? String(error)}), and Codex keeps what it needs there`;
    return [{ source: 'environment', path: variable, reason }];
  }
}
