import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HookOutcome } from '../../features/hooks/answer/combine-decisions.ts';
import type { HookEntry } from '../../features/hooks/config/hook-entry.ts';
import type { HookInput } from '../../features/hooks/hook-input.ts';
import type { HookEffects } from '../../features/hooks/hook-effects.ts';
import type { HookRun } from '../../features/hooks/run/hook-runs.ts';
import type { HookEnd } from '../../features/hooks/answer/parse-output.ts';
import { dispatchHooks, type LaterWords } from '../../features/hooks/run/dispatch-hooks.ts';
import { postHook } from '../../features/hooks/run/post-hook.ts';
import type { Environment } from '../../platform/config/environment.ts';

/** Where a hook that is tested runs, and with what. */
export interface HookInvocation {
  readonly input: HookInput;
  readonly cwd: string;
  readonly envOf: (hook: HookEntry) => Environment;
  readonly signal: AbortSignal;
  readonly runCommand: HookEffects['runCommand'];
}

/** What one hook did and said. */
export interface HookTrial {
  readonly run: HookRun;
  /** How its process ended; `undefined` for a hook that is none. */
  readonly end: HookEnd | undefined;
  readonly outcome: HookOutcome;
  /** What it said when nothing waited for it any more. */
  readonly later: LaterWords | undefined;
}

/** Runs one hook that matches, as the middleware does, and waits for its end also where nothing would. */
export async function runOneHook(
  entry: HookEntry,
  { runCommand, ...invocation }: HookInvocation,
): Promise<HookTrial> {
  let end: HookEnd | undefined;
  let later: LaterWords | undefined;
  const ran = Promise.withResolvers<HookRun>();
  const parts: HookEffects = {
    runCommand: async (command) => {
      // Also a hook that nothing waits for ends with the test.
      const signal = AbortSignal.any([command.signal, invocation.signal]);
      end = await runCommand({ ...command, signal });
      return end;
    },
    post: postHook,
    // Whoever tests hooks does not want tools called, or models paid.
    callMcpTool: () => Promise.reject(new Error('a test calls no MCP tool')),
    openTalk: () => ({ next: () => Promise.reject(new Error('a test asks no model')) }),
    openShell: () => Promise.resolve({ kind: 'refused', reason: 'a test asks no model' }),
    persist: () => Promise.resolve(undefined),
  };
  const outcome = await dispatchHooks(
    [entry],
    {
      ...invocation,
      fits: () => true,
      // Whoever tests a hook runs it as it is now.
      checkedOf: () => undefined,
      onLater: (words) => {
        later = words;
      },
    },
    { ...parts, now: () => Date.now(), onRun: ran.resolve },
  );
  const run = await ran.promise;
  // What is said later is said right after the run is told.
  await nextTurn();
  return { run, end, outcome, later };
}
