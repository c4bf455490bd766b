import type { HookOutcome } from '../../middleware/features/hooks/answer/combine-decisions.ts';
import type { HookEntry } from '../../middleware/features/hooks/config/hook-entry.ts';
import type { HookInput } from '../../middleware/features/hooks/hook-input.ts';
import type { HookRun } from '../../middleware/features/hooks/run/hook-runs.ts';
import {
  dispatchHooks,
  type LaterWords,
  type DispatchParts,
} from '../../middleware/features/hooks/run/dispatch-hooks.ts';
import { beforeBash } from './made-up-hooks.ts';

interface StartHooksOptions extends Partial<DispatchParts> {
  readonly entries: readonly HookEntry[];
  readonly input?: HookInput;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

interface StartedHooks {
  readonly outcome: Promise<HookOutcome>;
  readonly runs: readonly HookRun[];
  readonly later: readonly LaterWords[];
}

const refuse = () => Promise.reject(new Error('not expected'));

/** Runs hooks, by default before a Bash call; any way to the outside that is not given is refused. */
export function startHooks(options: StartHooksOptions): StartedHooks {
  const { entries, input = beforeBash('ls'), cwd = '/shop', env = {}, signal, ...parts } = options;
  const runs: HookRun[] = [];
  const later: LaterWords[] = [];
  const invocation = {
    input,
    cwd,
    envOf: () => env,
    checkedOf: () => undefined,
    signal: signal ?? new AbortController().signal,
    fits: () => true,
    onLater: (words: LaterWords) => later.push(words),
  };
  const outcome = dispatchHooks(entries, invocation, {
    runCommand: refuse,
    post: refuse,
    callMcpTool: refuse,
    openTalk: () => ({ next: refuse }),
    openShell: refuse,
    persist: () => Promise.resolve(undefined),
    now: () => 1_000,
    onRun: (run) => runs.push(run),
    ...parts,
  });
  return { outcome, runs, later };
}

/** What hooks that say nothing come to. */
export const nothing = { feedback: [], contexts: [], instructions: [], messages: [], problems: [] };
