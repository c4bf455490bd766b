import type { CheckedFiles } from '../../../features/hooks/trust/checked-files.ts';
import { scriptTimeoutMs } from '../../../features/hooks/hook-limits.ts';
import { failedEnd } from '../../../features/hooks/answer/within-time.ts';
import { hookInput } from '../../../features/hooks/hook-input.ts';
import type { HookEffects } from '../../../features/hooks/hook-effects.ts';
import { runPreInput, type PreInputOutcome } from '../../../features/hooks/scripts/pre-input.ts';
import type { ScriptHook } from '../../../features/hooks/scripts/script-hooks.ts';
import { needsTrust } from '../../../features/trust/needs-trust.ts';
import { withChangedGuards } from '../../../features/hooks/trust/changed-guards.ts';
import { sessionOf, type HookPlace } from '../../../features/hooks/sessions/hook-place.ts';
import {
  commandRunner,
  environmentOf,
  quiet,
  tellOutcome,
  type HookRunnerOptions,
} from '../../hooks/hook-runner.ts';

/** Runs the `pre_input` scripts that may run on a prompt; `undefined` where there is none. */
export type RunPreInputScripts = (
  place: HookPlace,
  prompt: string,
  signal: AbortSignal,
) => Promise<PreInputOutcome | undefined>;

/** The runner of `pre_input` scripts with real processes; those of a project in the sandbox. */
export function createPreInputRunner(options: HookRunnerOptions): RunPreInputScripts {
  return async (place, prompt, signal) => {
    const all = place.hooks.scripts.filter(({ slot }) => slot === 'pre_input');
    if (all.length === 0) return undefined;
    const { allowed: scripts, changed, filesOf } = await options.trust.check(all, place);
    const names = changed.map(({ name }) => name);
    if (scripts.length === 0) {
      return changed.length === 0
        ? undefined
        : { ...withChangedGuards(quiet, 'UserPromptSubmit', names), prompt };
    }
    const outcome = await runPreInput(
      scripts,
      {
        input: hookInput(sessionOf(place), 'UserPromptSubmit', { prompt }),
        cwd: place.project.workspace,
        env: {},
        timeoutMs: scriptTimeoutMs,
        signal,
      },
      { ...options, runCommand: scriptRunner(scripts, filesOf, place, options) },
    );
    tellOutcome(outcome, place);
    return { ...withChangedGuards(outcome, 'UserPromptSubmit', names), prompt: outcome.prompt };
  };
}

/** Each script is run, and counted, for what it is: the path among the arguments tells which. */
function scriptRunner(
  scripts: readonly ScriptHook[],
  filesOf: ReadonlyMap<ScriptHook, CheckedFiles>,
  place: HookPlace,
  options: HookRunnerOptions,
): HookEffects['runCommand'] {
  const run = commandRunner(place, options, () => {
    options.onTimeout('UserPromptSubmit');
  });
  return async (command) => {
    const script = scripts.find(({ path }) => command.args.includes(path));
    if (script === undefined) return failedEnd('not-started', 'it is no script of these');
    const startedAt = Date.now();
    const end = await run({
      ...command,
      env: { ...environmentOf(place, script.source, options), ...command.env },
      permissions: needsTrust(script.source) ? [] : undefined,
      checked: filesOf.get(script),
    });
    options.onRun({
      event: 'UserPromptSubmit',
      label: script.name,
      source: script.source,
      startedAt,
      durationMs: Date.now() - startedAt,
      outcome: outcomeOf(end),
      error: end.exitCode === 0 ? undefined : end.summary,
    });
    return end;
  };
}

function outcomeOf({ ending, exitCode }: Awaited<ReturnType<HookEffects['runCommand']>>) {
  if (ending === 'timed-out' || ending === 'aborted') return 'cancelled';
  if (exitCode === 2) return 'blocked';
  return exitCode === 0 ? 'success' : 'error';
}
