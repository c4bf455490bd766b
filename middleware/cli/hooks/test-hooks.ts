import type { HookEvent } from '../../features/hooks/hook-event.ts';
import { labelOf, type HookEntry } from '../../features/hooks/config/hook-entry.ts';
import type { HookInput } from '../../features/hooks/hook-input.ts';
import { matchHooks } from '../../features/hooks/config/match-hooks.ts';
import type { ConfigSource } from '../../kernel/config-source.ts';
import { isJsonObject, type JsonObject } from '../../kernel/json-object.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { isAboutCall } from '../../features/calls/call-rules.ts';
import { confined } from '../../pipeline/hooks/hook-runner.ts';
import { CliError } from '../cli-error.ts';
import type { ListedHook } from './list-hooks.ts';
import { runOneHook, type HookInvocation, type HookTrial } from './run-one-hook.ts';
import { sampleInput } from './sample-input.ts';
import { repeats, skipReason, trustReason } from './skip-reason.ts';

/** What is tested. */
export interface HookTestPlan {
  readonly event: HookEvent;
  readonly input: HookInput;
  /** Those that match and may run, but for trust. */
  readonly hooks: readonly ListedHook[];
  readonly skipped: readonly SkippedHook[];
}

export interface SkippedHook extends NamedHook {
  readonly reason: string;
}

export interface TestedHook extends NamedHook {
  readonly trial: HookTrial;
}

interface NamedHook {
  readonly number: number;
  readonly label: string;
  readonly source: ConfigSource;
}

interface PlanOptions {
  readonly tool: string | undefined;
  readonly input: JsonObject | undefined;
  /** The number of the only hook that is meant. */
  readonly only: number | undefined;
}

/** The session that hooks are told. */
export const sampleSessionId = 'sample-session';

/**
 * Finds the hooks that an event would run, and why some of them are not run by a test. Throws a CliError where
 * there is none.
 */
export function planHookTest(
  event: HookEvent,
  hooks: readonly ListedHook[],
  { project, tool, input, only }: PlanOptions & { readonly project: ProjectSnapshot },
): HookTestPlan {
  const session = {
    ...{ sessionId: sampleSessionId, promptId: 'sample-prompt', cwd: project.workspace },
    // As the middleware, which keeps no such file.
    transcriptPath: '',
    permissionMode: project.settings.defaultMode?.value ?? 'default',
  };
  const sample = sampleInput(event, { session, tool, input });
  const call = { tool: String(sample['tool_name']), input: toolInputOf(sample) };
  const fits = (rule: string): boolean => isAboutCall(rule, call, project);
  const matching = hooks.filter(({ entry }) => matchHooks([entry], sample, fits).length > 0);
  const meant = only === undefined ? matching : matching.filter(({ number }) => number === only);
  if (meant.length === 0) throw new CliError(whyNone(event, sample, only));
  const planned: ListedHook[] = [];
  const skipped: SkippedHook[] = [];
  for (const hook of meant) {
    const entries = planned.map(({ entry }) => entry);
    const reason =
      skipReason(hook, project) ?? (repeats(hook.entry, entries) ? 'the same command runs once' : undefined);
    if (reason === undefined) planned.push(hook);
    else skipped.push({ ...named(hook), reason });
  }
  return { event, input: sample, hooks: planned, skipped };
}

/** The plan without the hooks that wait for trust; those are told as skipped. */
export function withoutUntrusted(plan: HookTestPlan): HookTestPlan {
  const waiting = plan.hooks.flatMap((hook) => {
    const reason = trustReason(hook);
    return reason === undefined ? [] : [{ ...named(hook), reason }];
  });
  return {
    ...plan,
    hooks: plan.hooks.filter((hook) => trustReason(hook) === undefined),
    skipped: [...plan.skipped, ...waiting],
  };
}

/** Runs all hooks of a plan at once, as an event would, each by itself. */
export function runHookTest(
  { hooks, input }: HookTestPlan,
  { project, ...invocation }: Omit<HookInvocation, 'input' | 'cwd'> & { readonly project: ProjectSnapshot },
): Promise<readonly TestedHook[]> {
  return Promise.all(
    hooks.map(async (hook) => ({
      ...named(hook),
      trial: await runOneHook(confined(hook.entry, project), {
        ...invocation,
        cwd: project.workspace,
        input,
      }),
    })),
  );
}

function named({ number, entry }: { readonly number: number; readonly entry: HookEntry }): NamedHook {
  return { number, label: labelOf(entry.handler), source: entry.source };
}

function toolInputOf({ tool_input: input }: HookInput): JsonObject {
  return isJsonObject(input) ? input : {};
}

function whyNone(event: HookEvent, { tool_name: tool }: HookInput, only: number | undefined): string {
  const what = typeof tool === 'string' ? `${event} of ${tool}` : event;
  return only === undefined
    ? `no configured hook runs on ${what}`
    : `hook ${only} does not run on ${what}; see: codex-plus hooks list`;
}
