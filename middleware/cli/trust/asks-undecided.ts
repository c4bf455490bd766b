import { ConfigError } from '../../platform/config/config-error.ts';
import { loadConfig } from '../../platform/config/load-config.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import type { CliContext } from '../context.ts';

/** Whether the middleware decides calls that no rule does: only there the leave that a project gives itself has an effect. */
export function asksUndecided(
  { rootDir, env }: Pick<CliContext, 'rootDir' | 'env'>,
  { settings }: Pick<ProjectSnapshot, 'settings'>,
): boolean {
  if (settings.defaultMode?.value === 'dontAsk') return true;
  try {
    return loadConfig({ rootDir, env, isTerminal: false }).permissions.undecided === 'ask';
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    // With a faulty configuration the middleware does not start; `config check` says what is wrong.
    return false;
  }
}
