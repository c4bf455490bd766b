import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { codeOf } from '../../kernel/errors.ts';
import { enterpriseFolders } from '../../platform/config/scopes/enterprise-folders.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { createSnapshotCache } from '../../platform/config/scopes/snapshot-cache.ts';
import { CliError, exitCodes } from '../cli-error.ts';
import type { CliContext } from '../context.ts';

interface ReadProjectOptions {
  readonly workspace?: string;
  /** The values of `--settings`. */
  readonly settings?: readonly string[];
}

/** What is configured for the folder that the command line stands in, or for another one; what is broken is told in it. */
export async function readProject(
  { cwd, home, env }: CliContext,
  { workspace = '.', settings = [] }: ReadProjectOptions,
): Promise<ProjectSnapshot> {
  const folder = realFolder(resolve(cwd, workspace));
  const snapshots = createSnapshotCache({
    home,
    env,
    enterpriseDirs: enterpriseFolders(process.platform),
    cliSettings: settings.map((value) => (value.trimStart().startsWith('{') ? value : resolve(cwd, value))),
  });
  return snapshots.of(folder);
}

function realFolder(path: string): string {
  try {
    const real = realpathSync(path);
    if (statSync(real).isDirectory()) return real;
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
  }
  throw new CliError(`${path} is not a folder`, exitCodes.usage);
}
