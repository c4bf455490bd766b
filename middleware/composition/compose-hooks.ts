import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HookRuns } from '../features/hooks/run/hook-runs.ts';
import type { CallGuard } from '../features/mcp/gateway/call-guard.ts';
import type { McpServers } from '../features/mcp/mcp-servers.ts';
import { textOf } from '../features/mcp/tool-outcome.ts';
import { hookTool } from '../http/own-tools/hook-tool.ts';
import type { OwnTool } from '../http/own-tools/own-tool.ts';
import type { Observer } from '../kernel/outcome.ts';
import type { RequestStage } from '../kernel/stage.ts';
import type { AnswerStep } from '../pipeline/answer/answer-step.ts';
import { createToolCheckStep } from '../pipeline/answer/steps/check-tool-calls.ts';
import { hookMessagesStep } from '../pipeline/answer/steps/hook-messages.ts';
import { userNotesStep } from '../pipeline/answer/steps/user-notes.ts';
import { createFailedAnswersStep } from '../pipeline/answer/steps/note-failure.ts';
import { createPostOutputStep } from '../pipeline/answer/steps/post-output.ts';
import { runToolsStep } from '../pipeline/answer/steps/run-tools.ts';
import { createStopHooksStep } from '../pipeline/answer/steps/stop-hooks.ts';
import { createHookModel } from '../pipeline/hooks/model/hook-model.ts';
import { FailedAnswers } from '../pipeline/hooks/failed-answers.ts';
import { createMcpCallGuard, type GuardedClient } from '../pipeline/hooks/guard-mcp-calls.ts';
import { createQuestionHooks, type QuestionHooksOf } from '../pipeline/mcp/question-hooks.ts';
import { createAfterCall, type AfterCall } from '../pipeline/mcp/after-call.ts';
import type { HookTurn } from '../pipeline/hooks/hook-turn.ts';
import { createCommandExtras } from '../features/hooks/command-extras.ts';
import { HookSessions } from '../features/hooks/sessions/hook-sessions.ts';
import { createHookTrust } from '../features/hooks/trust/hook-trust.ts';
import { callerKey } from '../pipeline/hooks/model/model-caller.ts';
import { createNativeHooks } from '../pipeline/hooks/native-hooks.ts';
import { createUncheckedAnswers, type UncheckedAnswers } from '../pipeline/request/unchecked-answers.ts';
import { postHook } from '../features/hooks/run/post-hook.ts';
import { createProjectHooks, type HooksOf } from '../features/hooks/config/project-hooks.ts';
import { createPreInputRunner } from '../pipeline/request/hooks/run-pre-input-scripts.ts';
import { createHookRunner, type HookRunnerOptions } from '../pipeline/hooks/hook-runner.ts';
import { createPostOutputStarter } from '../pipeline/hooks/start-post-output.ts';
import { createStopFailureObserver } from '../pipeline/hooks/stop-failure.ts';
import { createOnStop } from '../pipeline/hooks/on-stop.ts';
import { createToolChecker, type ToolChecker } from '../pipeline/hooks/tool-checker.ts';
import { createTellRefused } from '../pipeline/hooks/tell-refused.ts';
import { createTrustedPolicy } from '../pipeline/hooks/trusted-policy.ts';
import { sweepCopies } from '../features/hooks/run/sweep-copies.ts';
import { createPromptHooksStage } from '../pipeline/request/prompt-hooks.ts';
import { ourSecrets } from '../platform/process/our-secrets.ts';
import { SpareShells } from '../platform/process/spares/spare-shells.ts';
import { createSandbox } from '../platform/process/sandbox/sandbox.ts';
import { findRoot } from '../platform/release/find-root.ts';
import { makeFolder } from '../platform/store/make-folder.ts';
import { withoutOurKeys } from '../platform/process/without-our-keys.ts';
import { providerKeys } from '../upstreams/litellm/provider-keys.ts';
import type { Metrics } from '../platform/telemetry/metrics.ts';
import { freshTimes } from './fresh-times.ts';
import type { Projects } from './compose-commands.ts';
import type { ComposeOptions } from './compose-options.ts';
import type { Upstreams } from './compose-upstreams.ts';

/** The hooks of all projects, as the walk takes part in them. */
export interface Hooks {
  /** Stands behind the commands: a command's prompt is the one that goes out. */
  readonly promptHooks: RequestStage;
  /** Decides the calls of models, in the stream. */
  readonly checker: ToolChecker;
  /** What keeps answers that nothing would check from those whose calls are checked. */
  readonly unchecked: UncheckedAnswers;
  /** Hears of the calls that were run here. */
  readonly afterCall: AfterCall;
  /** What they say to what servers ask users. */
  readonly questionHooksOf: QuestionHooksOf;
  /** In the order in which they take part in an answer. */
  readonly answerSteps: readonly AnswerStep[];
  /** All calls for an answer, watched where a hook wants to hear of those that fail; the observer tells it. */
  readonly watched: Upstreams['send'];
  readonly observer: Observer;
  /** What `/mcp` offers to Codex's own hooks. */
  readonly tools: readonly OwnTool[];
  /** Rules and hooks for the calls of clients at `/mcp`. */
  readonly guardMcpCalls: (client: GuardedClient) => CallGuard;
  /** Ends the sessions that are open, within a bounded time. */
  readonly close: () => Promise<void>;
}

interface HooksParts {
  readonly projects: Projects;
  readonly mcp: Pick<McpServers, 'call'>;
  readonly hookRuns: HookRuns;
  readonly metrics: Metrics;
  readonly send: Upstreams['send'];
  readonly models: Upstreams['models'];
}

/** A session without a request for so long is over. */
const idleMs = 30 * 60_000;

/** The parts that run hooks, with real processes. */
export function composeHooks(options: ComposeOptions, parts: HooksParts): Hooks {
  const { env, now } = options;
  const { undecided } = options.config.permissions;
  const { projects } = parts;
  const shells = new SpareShells();
  const runner = { ...runnerOptions(options, parts), startFast: shells.start };
  sweepCopies(runner.copiesDir, new Date()).catch((error: unknown) => {
    options.log.warn('old copies of hook scripts could not be removed', { error });
  });
  const run = createHookRunner(runner);
  const sessions = new HookSessions({ memory: projects.sessions, now, idleMs, log: options.log });
  const notify = ({ place, exchange }: Pick<HookTurn, 'place' | 'exchange'>, message: string): void => {
    const { id, log } = exchange;
    run(place, 'Notification', { message, type: 'permission_prompt' }, exchange).catch((error: unknown) => {
      log.error('the hooks for a notification failed', { id, error });
    });
  };
  const trustedPolicy = createTrustedPolicy(projects.trust);
  const tellRefused = createTellRefused(parts.metrics.countRefusedCall);
  const { of: hooksOf, now: hooksNow } = createProjectHooks({ env, ...freshTimes, now });
  const promptHooks = createPromptHooksStage({
    ...{ run, sessions, memory: projects.sessions, askedQuestions: projects.askedQuestions },
    projectOf: projects.projectOf,
    namedNow: projects.namedNow,
    folderUnread: projects.folderUnread,
    projectNamed: projects.projectNamed,
    ...{ hooksOf, hooksNow },
    commandExtras: createCommandExtras(projects.catalog),
    asksUndecided: undecided === 'ask',
    runPreInput: createPreInputRunner(runner),
    question: { hookTrust: runner.trust, trust: projects.trust, env, undecided, notify },
  });
  const callParts = { run, trustedPolicy, tellRefused, sessions, hooksOf, undecided, log: options.log };
  const native = createNativeHooks({ ...callParts, projectNamed: projects.projectNamed, now });
  const checker = createToolChecker({ run, trustedPolicy, tellRefused, notify, undecided });
  const failures = new FailedAnswers();
  return {
    promptHooks,
    checker,
    unchecked: uncheckedAnswers(options, projects, hooksOf),
    afterCall: createAfterCall(run),
    questionHooksOf: createQuestionHooks(run),
    answerSteps: [
      createToolCheckStep(checker),
      runToolsStep,
      createStopHooksStep(createOnStop(run)),
      createPostOutputStep(createPostOutputStarter(runner)),
      // Behind all that may have hooks speak.
      hookMessagesStep,
      userNotesStep,
      createFailedAnswersStep(failures),
    ],
    watched: failures.watch(parts.send),
    observer: createStopFailureObserver(failures, run),
    tools: [hookTool(native)],
    guardMcpCalls: createMcpCallGuard(callParts),
    close: () => sessions.close().finally(shells.close),
  };
}

function uncheckedAnswers(
  { config }: ComposeOptions,
  { projectNamed }: Projects,
  hooksOf: HooksOf,
): UncheckedAnswers {
  return createUncheckedAnswers({
    ...{ projectNamed, hooksOf },
    undecided: config.permissions.undecided,
    defaultWorkspace: config.workspaces.default,
    uncheckedPaths: config.passthrough.uncheckedPaths,
  });
}

function runnerOptions(
  { config, env, homeDir, version }: ComposeOptions,
  { projects, mcp, hookRuns, metrics, models }: HooksParts,
): HookRunnerOptions {
  const withheldEnv = providerKeys(config);
  return {
    sandbox: createSandbox({
      ...{ env, homeDir, withheldEnv },
      mode: config.sandbox.mode,
      platform: process.platform,
      secrets: ourSecrets(config, findRoot(import.meta.dirname)),
    }),
    trust: createHookTrust(projects.trust),
    copiesDir: join(config.stateDir, 'hook-copies'),
    env: withoutOurKeys(env, withheldEnv),
    agent: `codex-plus_${version.version.replaceAll('.', '-')}`,
    post: postHook,
    mcpToolsOf:
      ({ project, session }) =>
      async (call) => {
        const outcome = await mcp.call(call, { project, conversation: session.key });
        return { text: textOf(outcome), isError: outcome.isError };
      },
    modelFor: ({ state }) => createHookModel(state?.get(callerKey), models),
    persist: (text) => persist(join(config.stateDir, 'outputs'), text),
    onRun: (run) => {
      hookRuns.add(run);
      metrics.countHook(run);
    },
    onTimeout: (event) => {
      metrics.countHookTimeout(event);
    },
  };
}

async function persist(folder: string, text: string): Promise<string> {
  makeFolder(folder);
  const file = join(folder, `${randomUUID()}.txt`);
  await writeFile(file, text, { mode: 0o600 });
  return file;
}
