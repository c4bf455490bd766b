import { join } from 'node:path';
import type { Log } from '../middleware/kernel/log.ts';
import { ConfigError } from '../middleware/platform/config/config-error.ts';
import type { LitellmConfig } from '../middleware/platform/config/config.ts';
import { loadConfig } from '../middleware/platform/config/load-config.ts';
import { createLog } from '../middleware/platform/telemetry/log.ts';
import { ConfigWatch } from '../middleware/upstreams/litellm/config-watch.ts';
import { installLitellm } from '../middleware/upstreams/litellm/install.ts';
import { LitellmProcess } from '../middleware/upstreams/litellm/litellm-process.ts';
import { planStart, whyCannotListen } from '../middleware/upstreams/litellm/plan-start.ts';

/**
 * Runs LiteLLM by itself, for PM2, systemd, containers and development: the middleware then has `litellm.mode` "external".
 *
 *   node litellm/start.ts                 installs what is missing, checks, runs LiteLLM until it ends
 *   node litellm/start.ts --watch         the same, and starts it anew when its configuration was edited
 *   node litellm/start.ts --check         checks the configuration and ends
 *   node litellm/start.ts --install-only  installs what is missing and ends
 */
const knownOptions = ['--watch', '--check', '--install-only'];
const options = new Set(process.argv.slice(2));
const rootDir = join(import.meta.dirname, '..');
const env = process.env;
const readyTimeoutMs = 180_000;
const watchIntervalMs = 500;
/** What runs may finish for this long after a signal; whoever manages this process may be less patient. */
const drainMs = 60 * 60_000;

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
  process.exitCode = await main(config.litellm, createLog({ ...config.log, stream: process.stdout }));
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exitCode = 1;
}

/** Resolves with the exit code. */
async function main(config: LitellmConfig, log: Log): Promise<number> {
  if (options.has('--check')) return await check(config, log);
  const installed = await installLitellm({ litellmDir: join(rootDir, 'litellm'), env, log, signal });
  if (signal.aborted) return 0;
  if (installed.kind !== 'installed') return fail(log, installed.reason);
  if (options.has('--install-only')) return 0;
  const watch = new ConfigWatch(config.configFile, watchIntervalMs);
  try {
    return await serve(installed.python, config, watch, log);
  } finally {
    watch.close();
  }
}

async function check(config: LitellmConfig, log: Log): Promise<number> {
  const watch = new ConfigWatch(config.configFile, watchIntervalMs);
  const planned = await planStart({ config, rootDir, env }, await watch.read());
  watch.close();
  if (planned.kind === 'fault') return fail(log, planned.reason);
  for (const warning of planned.plan.warnings) log.warn(warning);
  log.info("LiteLLM's configuration is sound", { models: planned.plan.models });
  return 0;
}

async function serve(python: string, config: LitellmConfig, watch: ConfigWatch, log: Log): Promise<number> {
  for (;;) {
    const planned = await planStart({ config, rootDir, env }, await watch.read());
    const reason = planned.kind === 'fault' ? planned.reason : await whyCannotListen(planned.plan, signal);
    if (planned.kind === 'fault' || reason !== undefined) {
      log.error(`LiteLLM is not started: ${reason}`);
      if (!options.has('--watch') || (await nextEvent(watch)) !== 'edited') return 1;
      continue;
    }
    for (const warning of planned.plan.warnings) log.warn(warning);
    const { configFile } = config;
    const litellm = new LitellmProcess({ python, rootDir, configFile, env, log, ...planned.plan });
    void tellWhenReady(litellm, log);
    const event = await nextEvent(watch, litellm);
    if (event === 'ended') return fail(log, await litellm.ended);
    log.info(
      event === 'edited' ? "LiteLLM's configuration was edited: starting it anew" : 'stopping LiteLLM',
    );
    await litellm.stop(drainMs);
    if (event === 'stopped') return 0;
  }
}

async function nextEvent(
  watch: ConfigWatch,
  litellm?: LitellmProcess,
): Promise<'ended' | 'edited' | 'stopped'> {
  const { promise, resolve } = Promise.withResolvers<'ended' | 'edited' | 'stopped'>();
  const onAbort = (): void => {
    resolve('stopped');
  };
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  void litellm?.ended.then(() => {
    resolve('ended');
  });
  if (options.has('--watch')) {
    void watch.changed.then(() => {
      resolve('edited');
    });
  }
  const event = await promise;
  signal.removeEventListener('abort', onAbort);
  return event;
}

async function tellWhenReady(litellm: LitellmProcess, log: Log): Promise<void> {
  const ready = await litellm.untilReady({ timeoutMs: readyTimeoutMs, signal });
  if (ready.kind === 'ready') log.info(`LiteLLM is ready at ${litellm.url}`, { models: ready.models });
  else if (!signal.aborted) log.error(ready.reason);
}

function fail(log: Log, reason: string): number {
  log.error(reason);
  return 1;
}
