import { once } from 'node:events';
import { join } from 'node:path';
import type { Log } from '../middleware/kernel/log.ts';
import { ConfigError } from '../middleware/platform/config/config-error.ts';
import type { Config } from '../middleware/platform/config/config.ts';
import { loadConfig } from '../middleware/platform/config/load-config.ts';
import { findRoot } from '../middleware/platform/release/find-root.ts';
import { createOwnLog } from '../middleware/platform/secrets/own-log.ts';
import { ConfigWatch } from '../middleware/upstreams/litellm/config-watch.ts';
import { installLitellm } from '../middleware/upstreams/litellm/install/install.ts';
import { createLitellmTier } from '../middleware/upstreams/litellm/litellm-tier.ts';
import { planStart, whyCannotListen } from '../middleware/upstreams/litellm/plan-start.ts';

/**
 * Runs LiteLLM by itself, for PM2, systemd, containers and development: the middleware then has `litellm.mode` "external".
 *
 *   node litellm/start.ts                 installs what is missing, runs LiteLLM, takes over edits of its configuration
 *   node litellm/start.ts --check         checks the configuration and ends
 *   node litellm/start.ts --install-only  installs what is missing and ends
 */
const knownOptions = ['--check', '--install-only'];
const options = new Set(process.argv.slice(2));
const rootDir = findRoot(import.meta.dirname);
const env = process.env;
const watchIntervalMs = 500;

const stopping = new AbortController();
const { signal } = stopping;
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(name, () => {
    stopping.abort();
  });
}

try {
  const unknown = [...options].find((name) => !knownOptions.includes(name));
  if (unknown !== undefined) {
    throw new ConfigError([
      { source: unknown, path: '', reason: `is not an option; there are ${knownOptions.join(', ')}` },
    ]);
  }
  const config = loadConfig({ rootDir, env, isTerminal: process.stdout.isTTY });
  process.exitCode = await main(config, createOwnLog(config, env));
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
}

/** Resolves with the exit code. */
async function main(config: Config, log: Log): Promise<number> {
  if (options.has('--check')) return await check(config, log);
  const installed = await installLitellm({ litellmDir: join(rootDir, 'litellm'), env, log, signal });
  if (signal.aborted) return 0;
  if (installed.kind !== 'installed') return fail(log, installed.reason);
  if (options.has('--install-only')) return 0;
  return await serve(config, log);
}

async function check({ litellm }: Config, log: Log): Promise<number> {
  const watch = new ConfigWatch(litellm.configFile, watchIntervalMs);
  const planned = await planStart({ config: litellm, rootDir, env }, await watch.read());
  watch.close();
  if (planned.kind === 'fault') return fail(log, planned.reason);
  for (const warning of planned.plan.warnings) log.warn(warning);
  log.info("LiteLLM's configuration is sound", { models: planned.plan.models });
  return 0;
}

/** The managed tier, whatever mode the middleware has. */
async function serve({ litellm, server }: Config, log: Log): Promise<number> {
  const { protocol, hostname, port } = new URL(litellm.url);
  if (protocol !== 'http:')
    return fail(log, `litellm.url is ${litellm.url}, but LiteLLM is served over http`);
  const address = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port === '' ? 80 : port) };
  const taken = await whyCannotListen(address, signal);
  if (taken !== undefined) return fail(log, `LiteLLM is not started: ${taken}`);

  const tier = createLitellmTier({
    ...{ config: { ...litellm, mode: 'managed' }, rootDir, env, log },
    timing: { stopGrace: server.drainTimeoutMs },
  });
  tier.start();
  if (!signal.aborted) await once(signal, 'abort');
  log.info('stopping LiteLLM: running requests may finish');
  await tier.stop();
  return 0;
}

function fail(log: Log, reason: string): number {
  log.error(reason);
  return 1;
}
