import { devNull } from 'node:os';
import type { HookEvent } from '../../features/hooks/hook-event.ts';
import { hookEnvironment } from '../../features/hooks/hook-environment.ts';
import { labelOf, type HookEntry } from '../../features/hooks/hook-entry.ts';
import type { HookInput } from '../../features/hooks/hook-input.ts';
import { matchHooks } from '../../features/hooks/match-hooks.ts';
import type { ConfigSource } from '../../kernel/config-source.ts';
import type { JsonObject } from '../../kernel/json-object.ts';
import type { Environment } from '../../platform/config/environment.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import { CliError } from '../cli-error.ts';
import { fitsRule } from './fits-rule.ts';
import type { ListedHook } from './list-hooks.ts';
import { runOneHook, type HookTrial } from './run-one-hook.ts';
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

const sampleSession = { sessionId: 'sample-session', transcriptPath: devNull, promptId: 'sample-prompt' };

/** Finds the hooks that an event would run, and why some of them are not run by a test. Throws a CliError where there is none. */
export function planHookTest(
  event: HookEvent,
  hooks: readonly ListedHook[],
  { project, tool, input, only }: PlanOptions & { readonly project: ProjectSnapshot },
): HookTestPlan {
  const session = { ...sampleSession, cwd: project.workspace, permissionMode: 'default' };
  const sample = sampleInput(event, { session, tool, input });
  const fits = (rule: string): boolean => fitsRule(rule, sample, project);
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

interface RunOptions {
  readonly project: ProjectSnapshot;
  readonly env: Environment;
  readonly version: string;
  readonly signal: AbortSignal;
}

/** Runs all hooks of a plan at once, as an event would, each by itself. */
export function runHookTest(
  { hooks, input }: HookTestPlan,
  { project, env, version, signal }: RunOptions,
): Promise<readonly TestedHook[]> {
  const { workspace, settings } = project;
  const environment = hookEnvironment({
    base: env,
    settings: Object.fromEntries([...settings.env].map(([name, { value }]) => [name, value])),
    projectDir: workspace,
    sessionId: sampleSession.sessionId,
    effort: undefined,
    agent: `codex-plus_${version.replaceAll('.', '-')}`,
    envFile: undefined,
  });
  // They were chosen already.
  const occasion = { input, cwd: workspace, env: environment, signal, fits: () => true };
  return Promise.all(
    hooks.map(async (hook) => ({ ...named(hook), trial: await runOneHook(hook.entry, occasion) })),
  );
}

function named({ number, entry }: { readonly number: number; readonly entry: HookEntry }): NamedHook {
  return { number, label: labelOf(entry.handler), source: entry.source };
}

function whyNone(event: HookEvent, { tool_name: tool }: HookInput, only: number | undefined): string {
  const what = typeof tool === 'string' ? `${event} of ${tool}` : event;
  return only === undefined
    ? `no configured hook runs on ${what}`
    : `hook ${only} does not run on ${what}; see: codex-plus hooks list`;
}
