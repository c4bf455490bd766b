import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that answers model calls. */
export interface Target {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
}

/** The upstream and everything that stands before it, each in a process of its own. */
export interface Targets {
  /** `direct`, which is the upstream itself, then the proxies. */
  readonly list: readonly Target[];
  readonly stop: () => Promise<void>;
}

interface StartOptions {
  readonly rootDir: string;
  /** Variables for the middleware, besides those that point it at the upstream. */
  readonly env: Readonly<Record<string, string>>;
  /** Settings of the user of one more middleware, as JSON: what hooks and rules cost beside none. */
  readonly settings: string | undefined;
  /** How many MCP servers with twenty tools each the user of one more middleware has. */
  readonly mcpServers: number;
}

export const reference = 'bare pipe';

/** Longest wait for a process to listen and to be ready. */
const startLimitMs = 30_000;

/** Starts them all; their output is kept in files below `.state`, as a service's is, and goes with them. */
export async function startTargets({ rootDir, env, settings, mcpServers }: StartOptions): Promise<Targets> {
  mkdirSync(join(rootDir, '.state'), { recursive: true });
  const folder = mkdtempSync(join(rootDir, '.state', 'benchmark-'));
  const children: ChildProcess[] = [];
  const start = async (name: string, args: readonly string[], more = {}): Promise<Target> => {
    const logFile = join(folder, `${name.replaceAll(' ', '-')}.log`);
    const output = openSync(logFile, 'w');
    const child = spawn(process.execPath, args, {
      cwd: rootDir,
      stdio: ['ignore', output, 'inherit'],
      env: { ...withoutOurSettings(process.env), ...more },
    });
    closeSync(output);
    children.push(child);
    return { name, pid: child.pid ?? 0, port: await portOf(child, name, logFile) };
  };
  const stop = async (): Promise<void> => {
    await Promise.all(children.map(end));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const direct = await start('direct', ['benchmarks/targets/fake-upstream.ts']);
    const upstreamPort = String(direct.port);
    const middleware = async (name: string, home: string): Promise<Target> =>
      start(name, ['middleware/main.ts'], { ...middlewareEnv(join(folder, home), direct), ...env });
    const list = [
      direct,
      await start(reference, ['benchmarks/targets/bare-pipe.ts', upstreamPort]),
      await start('express + hpm', ['benchmarks/targets/express-proxy.ts', upstreamPort]),
      await middleware('codex-plus', 'home'),
    ];
    if (settings !== undefined) {
      mkdirSync(join(folder, 'user/.claude'), { recursive: true });
      writeFileSync(join(folder, 'user/.claude/settings.json'), settings);
      list.push(await middleware('with settings', 'user'));
    }
    if (mcpServers > 0) {
      writeMcpServers(join(folder, 'tools'), rootDir, mcpServers);
      list.push(await middleware('with MCP', 'tools'));
    }
    for (const target of list.slice(3)) await untilReady(target);
    return { list, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The user's folder is one of our own: a result must not depend on what the developer has in theirs. */
function middlewareEnv(home: string, upstream: Target): Readonly<Record<string, string>> {
  mkdirSync(home, { recursive: true });
  return {
    HOME: home,
    CODEX_PLUS_PORT: '0',
    CODEX_PLUS_LOG_FORMAT: 'json',
    CODEX_PLUS_STATE_DIR: join(home, 'state'),
    CODEX_PLUS_LITELLM_MODE: 'external',
    CODEX_PLUS_LITELLM_URL: `http://127.0.0.1:${upstream.port}`,
    LITELLM_MASTER_KEY: `sk-${randomBytes(16).toString('hex')}`,
  };
}

/** Each has another variable, or all of them would be one process. */
function writeMcpServers(home: string, rootDir: string, count: number): void {
  const args = [join(rootDir, 'benchmarks/targets/mcp-server.ts')];
  const mcpServers: Record<string, object> = {};
  for (let at = 0; at < count; at += 1)
    mcpServers[`tools${at}`] = { command: process.execPath, args, env: { SERVER: String(at) } };
  mkdirSync(join(home, '.codexplus'), { recursive: true });
  writeFileSync(join(home, '.codexplus/mcp.json'), JSON.stringify({ mcpServers }));
}

/** Every target's output has a line with the port on which it listens. */
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

/** The middleware listens before it has found its LiteLLM. */
async function untilReady({ name, port }: Target): Promise<void> {
  const deadline = performance.now() + startLimitMs;
  while (performance.now() < deadline) {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
    await answer.body?.cancel();
    if (answer.ok) return;
    await sleep(50);
  }
  throw new Error(`${name} was not ready within ${startLimitMs} ms`);
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
