import type { JsonObject } from '../../kernel/json-object.ts';
import type { HookOutcome } from '../../features/hooks/answer/combine-decisions.ts';
import type { HookEntry } from '../../features/hooks/config/hook-entry.ts';
import { hookEnvironment } from '../../features/hooks/run/hook-environment.ts';
import type { HookEvent } from '../../features/hooks/hook-event.ts';
import { hookInput, type HookInput } from '../../features/hooks/hook-input.ts';
import type { HookEventFields } from '../../features/hooks/hook-event-fields.ts';
import type { HookEffects } from '../../features/hooks/hook-effects.ts';
import type { HookRun } from '../../features/hooks/run/hook-runs.ts';
import { matchHooks } from '../../features/hooks/config/match-hooks.ts';
import { dispatchHooks } from '../../features/hooks/run/dispatch-hooks.ts';
import { needsTrust } from '../../features/trust/needs-trust.ts';
import type { ConfigSource } from '../../kernel/config-source.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import type { Environment } from '../../platform/config/environment.ts';
import type { ProjectSnapshot } from '../../platform/config/scopes/project-snapshot.ts';
import type { StartFast } from '../../platform/process/run-bounded.ts';
import type { Sandbox } from '../../platform/process/sandbox/sandbox.ts';
import { isAboutCall } from '../../features/calls/call-rules.ts';
import { sessionOf, type HookPlace } from '../../features/hooks/sessions/hook-place.ts';
import { withChangedGuards } from '../../features/hooks/trust/changed-guards.ts';
import { nameOfHook, type HookTrust } from '../../features/hooks/trust/hook-trust.ts';
import { postWithin, withAllowedVariables } from '../../features/hooks/run/http-hook-policy.ts';
import { createProjectShell } from './project-shell.ts';
import { createCommandRunner } from '../../features/hooks/run/run-hook-command.ts';
import { keepForLater } from '../../features/hooks/sessions/keep-for-later.ts';
import { keepForUser } from './user-messages.ts';

export interface HookRunnerOptions extends Omit<
  HookEffects,
  'runCommand' | 'openTalk' | 'openShell' | 'callMcpTool'
> {
  /** The MCP servers of a place. */
  readonly mcpToolsOf: (place: HookPlace) => HookEffects['callMcpTool'];
  readonly sandbox: Sandbox;
  /** Starts their programs, where it can. */
  readonly startFast?: StartFast | undefined;
  /** The model that hooks ask. */
  readonly modelFor: (on: HookExchange) => HookEffects['openTalk'];
  readonly trust: HookTrust;
  /** Where the scripts of a project's hooks are copied to while they run; a folder of ours alone. */
  readonly copiesDir: string;
  /** What the user's own hooks start from: our whole environment but our keys. */
  readonly env: Environment;
  /** This program with its version: `codex-plus_0-1-0`. */
  readonly agent: string;
  readonly onRun: (run: HookRun) => void;
  readonly onTimeout: (event: HookEvent) => void;
}

/** For what hooks run: an exchange, or something else that ends with a signal. */
export type HookExchange = Pick<Exchange, 'signal'> & Partial<Pick<Exchange, 'state'>>;

/** Runs the hooks that a place has for something that happens there; never rejects. */
export type RunHooks = <Event extends keyof HookEventFields>(
  place: HookPlace,
  event: Event,
  occurrence: HookEventFields[Event],
  on: HookExchange,
) => Promise<HookOutcome>;

/** What hooks that are not there come to. */
export const quiet: HookOutcome = {
  feedback: [],
  contexts: [],
  instructions: [],
  messages: [],
  problems: [],
};

/**
 * The runner of all hooks with real processes. The user's own run as they are; those of a project only after
 * somebody allowed them, in the sandbox. What went wrong goes to the log, and so does what hooks want the user to
 * read, who gets it with the answer.
 */
export function createHookRunner(options: HookRunnerOptions): RunHooks {
  return async (place, event, occurrence, on) => {
    const { project, hooks, session } = place;
    if (!hooks.anyFor(event)) return quiet;
    const input = hookInput(sessionOf(place), event, occurrence);
    const fits = (rule: string): boolean => isAboutCall(rule, callIn(input), project);
    const {
      allowed: all,
      changed,
      filesOf,
    } = await options.trust.check(matchHooks(hooks.entries, input, fits), place);
    const allowed = all.filter((entry) => isDue(entry, session));
    const names = changed.map((entry) => nameOfHook(entry));
    if (allowed.length === 0) return withChangedGuards(quiet, event, names);
    const byHandler = new Map([...filesOf].map(([{ handler }, files]) => [handler, files]));
    const outcome = await dispatchHooks(
      allowed.map((entry) => confined(entry, project)),
      {
        ...{ input, fits, signal: on.signal },
        cwd: project.workspace,
        envOf: ({ source }) => environmentOf(place, source, options),
        checkedOf: ({ handler }) => byHandler.get(handler),
        onLater: ({ contexts, messages }) => {
          keepForLater(session, contexts);
          tellMessages(messages, place);
        },
      },
      {
        ...options,
        post: postWithin(project.settings, options.post),
        runCommand: commandRunner(place, options, () => {
          options.onTimeout(event);
        }),
        callMcpTool: options.mcpToolsOf(place),
        openTalk: options.modelFor(on),
        openShell: createProjectShell({
          ...{ place, sandbox: options.sandbox },
          runCommand: commandRunner(place, options, () => undefined),
        }),
        now: () => Date.now(),
      },
    );
    tellOutcome(outcome, place);
    return withChangedGuards(outcome, event, names);
  };
}

/** A hook with `once` runs once in a session; it counts as run when it begins, so that two requests do not run it both. */
function isDue(entry: HookEntry, { ranOnce }: HookPlace['session']): boolean {
  if (!entry.once) return true;
  const { event, matcher, handler, source } = entry;
  const key = JSON.stringify([event, matcher, handler, source.file]);
  const isDueNow = !ranOnce.has(key);
  ranOnce.add(key);
  return isDueNow;
}

/**
 * A hook within its limits. One of a project declares at least nothing, and then it runs in the sandbox as well; an
 * `http` hook sees the variables that settings let it see.
 */
export function confined(entry: HookEntry, { settings }: Pick<ProjectSnapshot, 'settings'>): HookEntry {
  const allowed = withAllowedVariables(entry, settings);
  return needsTrust(entry.source) ? { ...allowed, permissions: entry.permissions ?? [] } : allowed;
}

/** How the commands of a place's hooks are run. */
export function commandRunner(
  place: HookPlace,
  { sandbox, copiesDir, startFast }: Pick<HookRunnerOptions, 'sandbox' | 'copiesDir' | 'startFast'>,
  onTimeout: () => void,
): HookEffects['runCommand'] {
  const { workspace } = place.project;
  const own = ownVariables(place);
  return createCommandRunner(sandbox, {
    ...{ workspace, copiesDir, onTimeout, startFast },
    ownVariables: own,
    onNote: (note) => {
      tellMessages([note], place);
    },
  });
}

/** The variables that a sandboxed hook gets besides those that it declares. */
export function ownVariables({ project }: Pick<HookPlace, 'project'>): ReadonlySet<string> {
  return new Set([...told, ...projectVariables(project)]);
}

/**
 * The whole environment of a hook from a source; a sandboxed one gets of it what is said of the session. Variables
 * of a project's settings are for its own hooks: some of them, like `PATH` or `BASH_ENV`, decide what runs.
 */
export function environmentOf(
  {
    project,
    session,
    effort,
  }: Pick<HookPlace, 'project' | 'effort'> & {
    readonly session: Pick<HookPlace['session'], 'id'>;
  },
  source: ConfigSource,
  { env, agent }: Pick<HookRunnerOptions, 'env' | 'agent'>,
): Environment {
  const settings = [...project.settings.env].flatMap(([name, winner]) => {
    const counts = [winner, ...winner.overridden].find(
      (one) => needsTrust(source) || !needsTrust(one.source),
    );
    return counts === undefined ? [] : [[name, counts.value] as const];
  });
  return hookEnvironment({
    base: env,
    settings: Object.fromEntries(settings),
    projectDir: project.workspace,
    sessionId: session.id,
    effort,
    agent,
    envFile: undefined,
  });
}

/** What is said of the session, and what the short form's placeholders stand for. */
const told = [
  ...[
    'CLAUDE_PROJECT_DIR',
    'CLAUDECODE',
    'CLAUDE_CODE_ENTRYPOINT',
    'CLAUDE_CODE_SESSION_ID',
    'CLAUDE_EFFORT',
  ],
  ...['AI_AGENT', 'tool', 'file'],
];

/** Of the variables that settings set, those that the project's own files do; the user's may be secrets. */
function projectVariables({ settings }: ProjectSnapshot): readonly string[] {
  return [...settings.env].flatMap(([name, { source }]) => (needsTrust(source) ? [name] : []));
}

function callIn(input: HookInput): { readonly tool: string; readonly input: JsonObject } {
  return { tool: String(input['tool_name']), input: (input['tool_input'] ?? {}) as JsonObject };
}

/** Puts into the log what went wrong, and what hooks want the user to read; a user who is there gets to read it. */
export function tellOutcome({ messages, problems }: HookOutcome, place: HookPlace): void {
  const { log, session } = place;
  for (const problem of problems) log.warn('a hook failed', { session: session.id, problem });
  tellMessages(messages, place);
}

export function tellMessages(messages: readonly string[], { log, session, hasReader }: HookPlace): void {
  for (const says of messages) log.info('a hook spoke to the user', { session: session.id, says });
  if (hasReader) keepForUser(session, messages);
}
