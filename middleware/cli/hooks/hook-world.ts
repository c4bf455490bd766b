import { join } from 'node:path';
import type { HookEntry } from '../../features/hooks/config/hook-entry.ts';
import type { HookEffects } from '../../features/hooks/hook-effects.ts';
import { environmentOf, ownVariables } from '../../pipeline/hooks/hook-runner.ts';
import { createCommandRunner } from '../../features/hooks/run/run-hook-command.ts';
import type { Environment } from '../../platform/config/environment.ts';
import { loadConfig } from '../../platform/config/load-config.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { ourSecrets } from '../../platform/process/our-secrets.ts';
import { createSandbox } from '../../platform/process/sandbox/sandbox.ts';
import { withoutOurKeys } from '../../platform/process/without-our-keys.ts';
import { providerKeys } from '../../upstreams/litellm/provider-keys.ts';
import { readVersion } from '../../platform/release/read-version.ts';
import type { CliContext } from '../context.ts';

/** What hooks of a session in a project find around them. */
export interface HookWorld {
  readonly envOf: (hook: Pick<HookEntry, 'source'>) => Environment;
  readonly runCommand: HookEffects['runCommand'];
}

/** The environment and the sandbox that the middleware would give the hooks of a session. */
export function createHookWorld(
  { rootDir, env, home, stderr }: CliContext,
  project: ProjectSnapshot,
  sessionId: string,
): HookWorld {
  const config = loadConfig({ rootDir, env, isTerminal: false });
  const withheldEnv = providerKeys(config);
  const sandbox = createSandbox({
    ...{ env, homeDir: home, withheldEnv },
    mode: config.sandbox.mode,
    platform: process.platform,
    secrets: ourSecrets(config, rootDir),
  });
  const agent = `codex-plus_${readVersion(rootDir).version.replaceAll('.', '-')}`;
  const place = { project, session: { id: sessionId }, effort: undefined };
  return {
    envOf: ({ source }) => environmentOf(place, source, { env: withoutOurKeys(env, withheldEnv), agent }),
    runCommand: createCommandRunner(sandbox, {
      workspace: project.workspace,
      ownVariables: ownVariables(place),
      copiesDir: join(config.stateDir, 'hook-copies'),
      onTimeout: () => undefined,
      onNote: (note) => {
        stderr.write(`${note}\n`);
      },
    }),
  };
}
