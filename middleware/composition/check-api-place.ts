import { accessSync, constants, existsSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import { ConfigError, type ConfigFault } from '../platform/config/config-error.ts';
import type { Config } from '../platform/config/config.ts';
import type { Environment } from '../platform/config/environment.ts';
import { makeFolder } from '../platform/store/make-folder.ts';
import { missingFolders, removeEmptyFolders } from '../platform/store/write-files.ts';
import { providersKnownBy } from '../upstreams/codex/known-providers.ts';
import { temporaryHome } from '../upstreams/codex/temporary-home.ts';
import { workerCommand } from '../upstreams/codex/worker-command.ts';

/** Those of the service's folders that are not there yet. */
export function missingPlaces({ stateDir, codex }: Config): readonly string[] {
  return [stateDir, codex.home, codex.workDir].flatMap((folder) => missingFolders(join(folder, 'file')));
}

interface PlaceParts {
  readonly env: Environment;
  readonly log: Log;
  /** Folders that were not there before this start; those that stay empty go with one that fails. */
  readonly made: readonly string[];
}

/**
 * Throws a ConfigError where a service that has nothing but Codex could not answer anybody: without the program, or
 * where it cannot write what it has to, or where no command could run, or where Codex itself refuses its settings.
 */
export async function checkApiPlace(config: Config, parts: PlaceParts): Promise<void> {
  try {
    await checkPlace(config, parts);
  } catch (error) {
    removeEmptyFolders(parts.made);
    throw error;
  }
}

async function checkPlace({ codex }: Config, { env, log }: PlaceParts): Promise<void> {
  const unfitHome = temporaryFaults(codex, env);
  const faults = [
    ...(await programFaults(codex, env)),
    // What is refused is not made.
    ...(unfitHome.length > 0 ? unfitHome : folderFaults('CODEX_HOME', codex.home)),
    ...folderFaults('PROXY_CODEX_WORKDIR', codex.workDir),
  ];
  if (faults.length > 0) throw new ConfigError(faults);
  const refused = await refusedSettings(codex, { env, log });
  if (refused !== undefined) throw new ConfigError([refused]);
}

/** Tries it: which settings it takes nobody knows but Codex. */
async function refusedSettings(
  codex: Config['codex'],
  { env, log }: Omit<PlaceParts, 'made'>,
): Promise<ConfigFault | undefined> {
  const providers = async (provider: string): Promise<readonly string[]> =>
    providersKnownBy(await workerCommand({ ...codex, provider }, { env, own: undefined }), log);
  try {
    await providers(codex.provider);
    return undefined;
  } catch (error) {
    // Without the name it tells what it knows, or that the name is not to blame.
    const known = codex.provider === '' ? undefined : await providers('').catch(() => undefined);
    return known === undefined || known.includes(codex.provider)
      ? settingsFault(codex, error)
      : unknownProvider(codex.provider, known);
  }
}

/** It may be the settings, and as well a program that is no Codex: where there are none, it is the program. */
function settingsFault({ home, program }: Config['codex'], error: unknown): ConfigFault {
  const said = error instanceof Error ? error.message : String(error);
  const file = join(home, 'config.toml');
  return existsSync(file)
    ? {
        ...{ source: 'environment', path: 'CODEX_HOME' },
        reason: `Codex answers nothing with the settings in ${file} (CODEX_BIN is ${program}): ${said}`,
      }
    : {
        ...{ source: 'environment', path: 'CODEX_BIN' },
        reason: `${program} does not answer as \`codex app-server\` does: ${said}`,
      };
}

function unknownProvider(provider: string, known: readonly string[]): ConfigFault {
  return {
    ...{ source: 'environment', path: 'CODEX_FORCE_PROVIDER' },
    reason: `Codex has no provider "${provider}"; it has ${known.join(', ')}, and more by [model_providers.NAME] in config.toml in CODEX_HOME`,
  };
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
