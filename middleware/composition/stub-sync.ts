import { syncStubs } from '../features/commands/stubs/sync-stubs.ts';
import { BoundedMap } from '../kernel/bounds/bounded-map.ts';
import type { ComposeOptions } from './compose-options.ts';

/** A look at the commands of a project costs milliseconds; a new one can wait this long for its `$name`. */
const everyMs = 10_000;
const maxWorkspaces = 1_000;

/** Hears of every project that is in use, and keeps what Codex's interface offers as `$name` in step with its commands. */
export function createStubSync({
  homeDir,
  env,
  log,
  now: clock,
}: Pick<ComposeOptions, 'homeDir' | 'env' | 'log' | 'now'>): (workspace: string) => void {
  const seen = new BoundedMap<string, number>(maxWorkspaces);
  let running = Promise.resolve();
  return (workspace) => {
    const now = clock();
    if (now - (seen.get(workspace) ?? -everyMs) < everyMs) return;
    seen.set(workspace, now);
    // One after the other: they write the same record.
    running = running
      .then(() => syncStubs({ home: homeDir, env, workspace }))
      .catch((error: unknown) => {
        log.warn('the skills for commands could not be kept in step', { error });
      });
  };
}
