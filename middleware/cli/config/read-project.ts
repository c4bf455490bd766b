import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { codeOf } from '../../kernel/errors.ts';
import { ConfigError } from '../../platform/config/config-error.ts';
import { loadConfig } from '../../platform/config/load-config.ts';
import { enterpriseFolders } from '../../platform/config/scopes/folders/enterprise-folders.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { createSnapshotCache } from '../../platform/config/scopes/snapshot-cache.ts';
import { withoutOurKeys } from '../../platform/process/without-our-keys.ts';
import { providerKeys } from '../../upstreams/litellm/provider-keys.ts';
import { visibleLine } from '../../kernel/visible-text.ts';
import { CliError, exitCodes } from '../cli-error.ts';
import type { CliContext } from '../context.ts';

interface ReadProjectOptions {
  readonly workspace?: string;
  /** The values of `--settings`. */
  readonly settings?: readonly string[];
}

/** What is configured for the folder that the command line stands in, or for another one; what is broken is told in it. */
export async function readProject(
  context: CliContext,
  { workspace = '.', settings = [] }: ReadProjectOptions,
): Promise<ProjectSnapshot> {
  const { cwd, home, env } = context;
  const folder = realFolder(resolve(cwd, workspace));
  const snapshots = createSnapshotCache({
    home,
    env: withoutOurKeys(env, knownProviderKeys(context)),
    enterpriseDirs: enterpriseFolders(process.platform),
    cliSettings: settings.map((value) => (value.trimStart().startsWith('{') ? value : resolve(cwd, value))),
  });
  return snapshots.of(folder);
}

/** What `${VAR}` in the files of a project must not name; as far as it is known while our own configuration is broken. */
function knownProviderKeys({ rootDir, env }: CliContext): readonly string[] {
  try {
    return providerKeys(loadConfig({ rootDir, env, isTerminal: false }));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [];
  }
}

function realFolder(path: string): string {
  try {
    const real = realpathSync(path);
    if (statSync(real).isDirectory()) return real;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
  }
  throw new CliError(`${visibleLine(path, 300)} is not a folder`, exitCodes.usage);
}
