import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPeers } from './peers.ts';
import { Processes, type Target } from './processes.ts';

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
  /** Options of Node for the middlewares. */
  readonly nodeArgs: readonly string[];
  /** Which other proxies stand beside the bare pipe: `plain` is what one would write oneself, `all` also the gateways of others. */
  readonly peers: 'none' | 'plain' | 'all';
}

export const reference = 'bare pipe';

/** Starts them all; their output is kept in files below `.state`, as a service's is, and goes with them. */
export async function startTargets(options: StartOptions): Promise<Targets> {
  const { rootDir, env, settings, mcpServers, nodeArgs, peers } = options;
  const processes = new Processes(rootDir);
  const { folder } = processes;
  try {
    const direct = await processes.start('direct', ['benchmarks/targets/fake-upstream.ts']);
    const upstreamPort = String(direct.port);
    const middleware = (name: string, home: string): Promise<Target> =>
      processes.startMiddleware(name, { home: join(folder, home), upstreamPort: direct.port, env, nodeArgs });
    const list = [
      direct,
      await processes.start(reference, ['benchmarks/targets/bare-pipe.ts', upstreamPort]),
    ];
    if (peers !== 'none')
      list.push(
        await processes.start('express + hpm', ['benchmarks/targets/express-proxy.ts', upstreamPort]),
      );
    if (peers === 'all') list.push(...(await startPeers(processes, { rootDir, upstreamPort: direct.port })));
    list.push(await middleware('codex-plus', 'home'));
    if (settings !== undefined) {
      mkdirSync(join(folder, 'user/.claude'), { recursive: true });
      writeFileSync(join(folder, 'user/.claude/settings.json'), settings);
      list.push(await middleware('with settings', 'user'));
    }
    if (mcpServers > 0) {
      writeMcpServers(join(folder, 'tools'), rootDir, mcpServers);
      list.push(await middleware('with MCP', 'tools'));
    }
    return { list, stop: () => processes.stop() };
  } catch (error) {
    await processes.stop();
    throw error;
  }
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
