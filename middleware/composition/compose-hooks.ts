import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { postHook } from '../cli/hooks/post-hook.ts';
import type { HookRuns } from '../features/hooks/hook-runs.ts';
import type { RequestStage } from '../kernel/stage.ts';
import { HookPlaces, type HookTurn } from '../pipeline/hooks/hook-turn.ts';
import { HookSessions } from '../pipeline/hooks/hook-sessions.ts';
import { createHookTrust } from '../pipeline/hooks/hook-trust.ts';
import { createProjectHooks } from '../pipeline/hooks/project-hooks.ts';
import { createPreInputRunner } from '../pipeline/hooks/run-pre-input-scripts.ts';
import { createHookRunner, type HookRunnerOptions } from '../pipeline/hooks/run-project-hooks.ts';
import { createPromptHooksStages } from '../pipeline/stages/prompt-hooks.ts';
import type { Environment } from '../platform/config/environment.ts';
import type { ProjectSnapshot } from '../platform/config/scopes/project-snapshot.ts';
import { createSandbox } from '../platform/process/sandbox.ts';
import type { Metrics } from '../platform/telemetry/metrics.ts';
import type { Projects } from './compose-commands.ts';
import type { ComposeOptions } from './compose-options.ts';

/** The hooks of all projects, as the walk takes part in them. */
export interface Hooks {
  /** Stands before whatever changes a request. */
  readonly noteRequest: RequestStage;
  /** Stands behind the commands: a command's prompt is the one that goes out. */
  readonly promptHooks: RequestStage;
  /** Ends the sessions that are open, within a bounded time. */
  readonly close: () => Promise<void>;
}

interface HooksParts {
  readonly projects: Projects;
  readonly hookRuns: HookRuns;
  readonly metrics: Metrics;
}

/** A script that was saved counts for the next prompt. */
const freshMs = 200;
/** A session without a request for so long is over. */
const idleMs = 30 * 60_000;

/** The parts that run hooks, with real processes. */
export function composeHooks(options: ComposeOptions, parts: HooksParts): Hooks {
  const { env } = options;
  const { projects } = parts;
  const runner = runnerOptions(options, parts);
  const run = createHookRunner(runner);
  const now = (): number => performance.now();
  const sessions = new HookSessions({ now, idleMs });
  const places = new HookPlaces();
  const notify = ({ place, exchange }: HookTurn, message: string): void => {
    void run(place, 'Notification', { message, type: 'permission_prompt' }, exchange.signal);
  };
  const stages = createPromptHooksStages({
    ...{ run, sessions, places },
    projectOf: projects.projectOf,
    hooksOf: createProjectHooks({ env, freshMs, now }),
    runPreInput: createPreInputRunner(runner),
    question: { hookTrust: runner.trust, trust: projects.trust, env, notify },
    sourceOfCommand: async (name, project) => sourceOf(name, project, projects),
    namedCallsOf: ({ name, input }) => {
      const args = JSON.parse(input) as Record<string, unknown>;
      return [
        name === 'exec_command'
          ? { tool: 'Bash', input: { command: args['cmd'] } }
          : { tool: name, input: args },
      ];
    },
  });
  return { ...stages, close: () => sessions.close() };
}

function runnerOptions(
  { config, env, homeDir, version }: ComposeOptions,
  { projects, hookRuns, metrics }: HooksParts,
): HookRunnerOptions {
  const withheldEnv = config.providers.map(({ apiKeyEnv }) => apiKeyEnv);
  return {
    sandbox: createSandbox({
      ...{ env, homeDir, withheldEnv },
      mode: config.sandbox.mode,
      platform: process.platform,
      secrets: [config.stateDir, config.litellm.masterKeyFile],
    }),
    trust: createHookTrust(projects.trust),
    env: withoutOurKeys(env, withheldEnv),
    agent: `codex-plus_${version.version.replaceAll('.', '-')}`,
    post: postHook,
    callMcpTool: () => Promise.reject(new Error('hooks cannot call MCP tools here yet')),
    askModel: () => Promise.reject(new Error('hooks cannot ask a model here yet')),
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

/** What is the middleware's own, and the keys that we call providers with. */
function withoutOurKeys(env: Environment, keys: readonly string[]): Environment {
  const isOurs = (name: string): boolean =>
    keys.includes(name) || /^(?:CODEX_PLUS_|LITELLM_|PROXY_API_KEY$)/i.test(name);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isOurs(name)));
}

async function persist(folder: string, text: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${randomUUID()}.txt`);
  await writeFile(file, text, { mode: 0o600 });
  return file;
}

/** As Claude Code names where a command comes from. */
async function sourceOf(name: string, project: ProjectSnapshot, { catalog }: Projects): Promise<string> {
  const found = await catalog.find(project.commandFolders, name);
  const scope = found.kind === 'command' ? found.command.source.scope : 'project';
  if (scope === 'user') return 'userSettings';
  return scope === 'enterprise' ? 'policySettings' : 'projectSettings';
}
