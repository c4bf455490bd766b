import { hooksInOrder } from '../../features/hooks/run/hooks-in-order.ts';
import type { HookEntry } from '../../features/hooks/config/hook-entry.ts';
import type { HookProblem } from '../../features/hooks/config/parse-hooks.ts';
import type { ScriptHook } from '../../features/hooks/scripts/script-hooks.ts';
import { readProjectFile } from '../../features/hooks/config/read-project-file.ts';
import type { TrustStore } from '../../features/trust/trust-store.ts';
import type { Environment } from '../../platform/config/environment.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { enabledHooks } from '../../features/hooks/config/enabled-hooks.ts';
import { subjectOfHook } from '../../features/hooks/trust/subject-of-hook.ts';
import { subjectOfScriptHook } from '../../features/hooks/trust/subject-of-script-hook.ts';
import { trustStateOf, type TrustState } from '../trust/trust-state.ts';
import { hooksHere } from '../trust/hooks-here.ts';

/** A hook of a settings file with its number in the list, by which it can be tested alone. */
export interface ListedHook {
  readonly number: number;
  readonly entry: HookEntry;
  readonly trust: TrustState;
  /** Whether a setting switches it off. */
  readonly isDisabled: boolean;
}

export interface HookList {
  /** By event, those of one event in the order of the files. */
  readonly hooks: readonly ListedHook[];
  /** Those that no setting switches off. */
  readonly scripts: readonly (Pick<ScriptHook, 'slot' | 'path' | 'source'> & {
    readonly trust: TrustState;
  })[];
  readonly problems: readonly HookProblem[];
}

/** Every hook that is configured for a project and its user. */
export async function listHooks(
  snapshot: ProjectSnapshot,
  store: TrustStore,
  env: Environment,
): Promise<HookList> {
  const { entries, selected, problems } = enabledHooks(snapshot);
  const hooks = await Promise.all(
    hooksInOrder(entries).map(async (entry, index) => ({
      number: index + 1,
      entry,
      trust: await trustStateOf((await subjectOfHook(entry, snapshot.workspace))?.subject, store),
      isDisabled: !selected.includes(entry),
    })),
  );
  const { scripts } = await hooksHere(snapshot, env);
  return { hooks, scripts: await listScripts(scripts, snapshot, store), problems };
}

function listScripts(
  scripts: readonly ScriptHook[],
  { workspace }: ProjectSnapshot,
  store: TrustStore,
): Promise<HookList['scripts']> {
  return Promise.all(
    scripts.map(async (script) => {
      const { content = Buffer.alloc(0) } = (await readProjectFile(script.path)) ?? {};
      const subject = subjectOfScriptHook(script, content, workspace);
      const { slot, path, source } = script;
      return { slot, path, source, trust: await trustStateOf(subject, store) };
    }),
  );
}
