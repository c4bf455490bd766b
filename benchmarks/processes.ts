import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import type { Script } from './script.ts';

/** A process that answers on a port. */
export interface Target {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  /** Header lines with which it finds its way to the upstream. */
  readonly headersFor?: (script: Script) => string;
  /** The name of the model by which it does. */
  readonly modelFor?: (script: Script) => string;
}

/** A program of others, which is told its port. */
interface ForeignProgram {
  readonly file: string;
  readonly args: (port: number) => readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** A path that it answers as soon as it is ready. */
  readonly probe: string;
}

/** Of a middleware. */
interface MiddlewareOptions {
  readonly home: string;
  readonly upstreamPort: number;
  /** Variables besides those that point it at the upstream. */
  readonly env: Readonly<Record<string, string>>;
  /** Options of Node itself. */
  readonly nodeArgs?: readonly string[];
}

/** Longest wait for a process to listen and to be ready. */
const startLimitMs = 30_000;
/** LiteLLM takes half a minute alone. */
const foreignStartLimitMs = 180_000;

/** Processes of one run; their output is kept in files below `.state`, as a service's is, and goes with them. */
export class Processes {
  readonly folder: string;
  readonly #rootDir: string;
  readonly #children: ChildProcess[] = [];

  constructor(rootDir: string) {
    this.#rootDir = rootDir;
    mkdirSync(join(rootDir, '.state'), { recursive: true });
    this.folder = mkdtempSync(join(rootDir, '.state', 'benchmark-'));
  }

  /** Starts a program of ours that says on which port it listens. */
  async start(name: string, args: readonly string[], env = {}): Promise<Target> {
    const { child, logFile } = this.#spawn(name, process.execPath, args, env);
    return { name, pid: child.pid ?? 0, port: await portOf(child, name, logFile) };
  }

  /** Starts a program of others on a port that is free, and waits until it answers. */
  async startOn(name: string, { file, args, env, probe }: ForeignProgram): Promise<Target> {
    const port = await freePort();
    const { child } = this.#spawn(name, file, args(port), env);
    const target = { name, pid: child.pid ?? 0, port };
    await untilAnswers(target, probe, foreignStartLimitMs);
    return target;
  }

  #spawn(
    name: string,
    file: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv | undefined,
  ): { readonly child: ChildProcess; readonly logFile: string } {
    const logFile = join(this.folder, `${name.replaceAll(' ', '-')}.log`);
    const output = openSync(logFile, 'w');
    const child = spawn(file, args, {
      cwd: this.#rootDir,
      stdio: ['ignore', output, 'inherit'],
      env: { ...withoutOurSettings(process.env), ...env },
    });
    closeSync(output);
    this.#children.push(child);
    return { child, logFile };
  }

  /** The user's folder is one of our own: a result must not depend on what the developer has in theirs. */
  async startMiddleware(
    name: string,
    { home, upstreamPort, env, nodeArgs = [] }: MiddlewareOptions,
  ): Promise<Target> {
    mkdirSync(home, { recursive: true });
    const target = await this.start(name, [...nodeArgs, 'middleware/main.ts'], {
      HOME: home,
      // As it is shipped.
      MALLOC_ARENA_MAX: '2',
      CODEX_PLUS_PORT: '0',
      CODEX_PLUS_LOG_FORMAT: 'json',
      CODEX_PLUS_STATE_DIR: join(home, 'state'),
      CODEX_PLUS_LITELLM_MODE: 'external',
      CODEX_PLUS_LITELLM_URL: `http://127.0.0.1:${upstreamPort}`,
      LITELLM_MASTER_KEY: `sk-${randomBytes(16).toString('hex')}`,
      ...env,
    });
    await untilAnswers(target, '/readyz', startLimitMs);
    return target;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#children.map(end));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Every program's output has a line with the port on which it listens. */
async function portOf(child: ChildProcess, name: string, logFile: string): Promise<number> {
  const deadline = performance.now() + startLimitMs;
  while (performance.now() < deadline) {
    const port = /"port":(\d+)/.exec(readFileSync(logFile, 'utf8'))?.[1];
    if (port !== undefined) return Number(port);
    if (child.exitCode !== null) throw new Error(`${name} ended with exit code ${child.exitCode}`);
    await sleep(20);
  }
  throw new Error(`${name} did not listen within ${startLimitMs} ms`);
}

/** The middleware listens before it has found its LiteLLM, and others before they have read their configuration. */
async function untilAnswers({ name, port }: Target, path: string, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    const isReady = await fetch(`http://127.0.0.1:${port}${path}`).then(
      async (answer) => {
        await answer.body?.cancel();
        return answer.ok;
      },
      () => false,
    );
    if (isReady) return;
    await sleep(50);
  }
  throw new Error(`${name} was not ready within ${limitMs} ms`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(kill);
}

/** A result must not depend on what the developer's shell sets. */
function withoutOurSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(?:CODEX_PLUS_|LITELLM_|OPENAI_|ANTHROPIC_)/.test(name)),
  );
}
