import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { rootDir } from './compose-middleware.ts';
import { until } from './until.ts';

type LogLine = Readonly<Record<string, unknown>>;

/** The middleware as its users run it: a process of its own, which starts LiteLLM. */
export interface RunningMiddleware {
  readonly port: number;
  readonly url: string;
  readonly litellmPort: number;
  readonly lines: readonly LogLine[];
  /** The process of the LiteLLM that serves now. */
  readonly litellmPid: () => number;
  readonly health: () => Promise<Health>;
  readonly untilLitellmIs: (state: string) => Promise<void>;
  /** LiteLLM's configuration file, which the test may edit. */
  readonly litellmConfigFile: string;
  readonly child: ChildProcess;
  /** Ends it with SIGTERM; resolves with the exit code. */
  readonly stop: () => Promise<number | null>;
}

export interface Health {
  readonly status: string;
  readonly litellm: {
    readonly state: string;
    readonly reason?: string;
    readonly url?: string;
    readonly models: readonly string[];
    readonly breaker: string;
  };
}

interface StartOptions {
  /** The scripted provider that both tiers are pointed at. */
  readonly upstreamUrl: string;
  readonly litellmPort: number;
  readonly litellmConfig: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What is run, from the project's root; the sources unless the test says otherwise. */
  readonly program?: string;
}

/** A folder for one test; not below the system's temporary folder, where Codex does not put its helpers. */
export async function makeTestFolder(name: string): Promise<string> {
  const base = join(rootDir, '.state', 'tests');
  await mkdir(base, { recursive: true });
  return mkdtemp(join(base, `${name}-`));
}

/** Starts it and waits until it listens; LiteLLM is still starting then. */
export async function startMiddleware(options: StartOptions): Promise<RunningMiddleware> {
  const { upstreamUrl, litellmPort, litellmConfig, env = {}, program = 'middleware/main.ts' } = options;
  const stateDir = await makeTestFolder('middleware');
  const litellmConfigFile = join(stateDir, 'litellm_config.yaml');
  await writeFile(litellmConfigFile, litellmConfig);
  const child = spawn(process.execPath, [program], {
    cwd: rootDir,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...withoutOurSettings(process.env),
      CODEX_PLUS_PORT: '0',
      CODEX_PLUS_LOG_FORMAT: 'json',
      CODEX_PLUS_STATE_DIR: stateDir,
      CODEX_PLUS_LITELLM_MODE: 'managed',
      CODEX_PLUS_LITELLM_URL: `http://127.0.0.1:${litellmPort}`,
      CODEX_PLUS_LITELLM_CONFIG: litellmConfigFile,
      CODEX_PLUS_CHATGPT_BASE_URL: `${upstreamUrl}/backend-api/codex`,
      OPENAI_API_KEY: 'sk-openai-made-up',
      OPENAI_API_BASE: `${upstreamUrl}/v1`,
      ANTHROPIC_API_KEY: 'sk-ant-made-up',
      ANTHROPIC_API_BASE: upstreamUrl,
      ...env,
    },
  });
  const lines: LogLine[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(JSON.parse(line) as LogLine);
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  // A process that is started on a busy machine takes longer than what a running one is waited for.
  await until(() => lines.some(({ message }) => message === 'listening'), 60_000);
  const port = Number(lines.find(({ message }) => message === 'listening')?.['port']);
  const url = `http://127.0.0.1:${port}`;
  const health = async (): Promise<Health> => (await (await fetch(`${url}/health`)).json()) as Health;
  return {
    ...{ port, url, litellmPort, lines, health, litellmConfigFile, child },
    litellmPid: () => Number(lines.findLast(({ pid }) => pid !== undefined)?.['pid']),
    untilLitellmIs: (state) => until(async () => (await health()).litellm.state === state, 90_000),
    stop: async () => {
      child.kill('SIGTERM');
      const [code] = await exited;
      await rm(stateDir, { recursive: true, force: true });
      return code;
    },
  };
}

/** A test's result must not depend on what the developer's shell sets. */
function withoutOurSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(?:CODEX_PLUS_|LITELLM_|OPENAI_|ANTHROPIC_)/.test(name)),
  );
}
