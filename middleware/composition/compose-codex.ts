import { join } from 'node:path';
import { createCallerKeys } from '../features/identity/caller-keys.ts';
import { createExchangeMetrics } from '../features/observe/exchange-metrics.ts';
import type { BodyLimits } from '../http/read/read-body.ts';
import { createExchangeLane } from '../http/serve-exchange.ts';
import { createWorkerServer } from '../http/worker-server.ts';
import { CodexPlusError } from '../kernel/errors.ts';
import type { Exchange } from '../kernel/exchange.ts';
import type { Observer } from '../kernel/outcome.ts';
import type { Upstream, UpstreamAnswer } from '../kernel/upstream.ts';
import { createWalk } from '../pipeline/walk.ts';
import type { CatalogModel } from '../protocol/codex/model-catalog.ts';
import { settingName } from '../platform/config/settings-place.ts';
import type { Metrics } from '../platform/telemetry/metrics.ts';
import { OwnFolder } from '../platform/store/own-folder.ts';
import { makeFolder } from '../platform/store/make-folder.ts';
import { missingFolders, removeEmptyFolders } from '../platform/store/write-files.ts';
import { createCodexUpstream } from '../upstreams/codex/codex-upstream.ts';
import { endHung } from '../upstreams/codex/end-hung.ts';
import { startWorker } from '../upstreams/codex/start-worker.ts';
import { temporaryHome } from '../upstreams/codex/temporary-home.ts';
import { TurnCosts } from '../upstreams/codex/turn-costs.ts';
import {
  newWorkerKey,
  ownProviderName,
  workerCommand,
  type OwnProvider,
} from '../upstreams/codex/worker-command.ts';
import { WorkerPool, type WorkerFigures } from '../upstreams/codex/worker-pool.ts';
import type { Worker } from '../upstreams/codex/worker.ts';
import { closeAll } from './close-all.ts';
import type { ComposeOptions } from './compose-options.ts';

interface CodexParts {
  /** Every call of a model, past the walk. */
  readonly send: (exchange: Exchange) => Promise<UpstreamAnswer>;
  readonly bodies: BodyLimits;
  readonly metrics: Metrics;
  /** What Codex is told of the models that it may call here. */
  readonly models: () => Promise<readonly CatalogModel[]>;
}

/** Codex as a model, and the workers behind it. */
export interface ComposedCodex {
  readonly upstream: Upstream;
  /** How many streams run. */
  readonly streams: () => number;
  /** How its workers are now. */
  readonly workers: () => readonly WorkerFigures[];
  readonly close: () => Promise<void>;
}

/** `undefined` where Codex is no model here. Its workers are started with the first call. */
export function composeCodex(options: ComposeOptions, parts: CodexParts): ComposedCodex | undefined {
  const { config, log, now } = options;
  const { codex } = config;
  if (!codex.enabled) return undefined;
  const key = newWorkerKey();
  const costs = new TurnCosts();
  const server = createWorkerServer({
    lane: workerLane(options, { ...parts, key, costs }),
    models: parts.models,
    // Elsewhere nothing can be written, and each of its calls would be refused.
    canPatch: codex.sandbox === 'workspace-write',
  });
  const turns = new OwnFolder(codex.workDir, log);
  // With the first worker it is tried again, and its call told.
  turns.take().catch((error: unknown) => {
    log.warn('the folder of the turns of Codex cannot be made', { workDir: codex.workDir, error });
  });
  const pool = new WorkerPool({
    ...{ size: codex.workers, turnsPerWorker: codex.turnsPerWorker, maxTurns: codex.maxTurns },
    ...{ maxStreams: codex.maxStreams, maxWorkerBytes: codex.maxWorkerBytes, now, log },
    start: async () => {
      await turns.take();
      const own = codex.provider === ownProviderName ? { baseUrl: await server.url(), key } : undefined;
      return startInHome(options, own);
    },
  });
  const upstream = createCodexUpstream({
    ...{ config: codex, limits: config.limits, keepaliveMs: config.server.keepaliveMs },
    ...{ pool, costs, makeFolder: () => turns.makeWithin('turn-') },
    removeFolder: (path) => turns.removeWithin(path),
    settingName: (path) => settingName(options.settingsPlace, path),
    nowSeconds: () => Math.floor(Date.now() / 1000),
  });
  parts.metrics.watchCodexWorkers(() => pool.figures());
  return {
    ...{ upstream, streams: () => pool.streams, workers: () => pool.figures() },
    close: () => closeAll([() => pool.close(), server.close, () => turns.close()]),
  };
}

/** Rejects with what names the setting of its program: it may be no Codex. A home that was made for it is taken away again then. */
async function startInHome(
  { config: { codex }, env, log, settingsPlace }: ComposeOptions,
  own: OwnProvider | undefined,
): Promise<Worker> {
  const why = temporaryHome(codex, env);
  if (why !== undefined) log.warn('commands of Codex will fail', { why });
  const made = missingFolders(join(codex.home, 'config.toml'));
  try {
    const command = await workerCommand(codex, { env, own });
    makeFolder(codex.home);
    const worker = await startWorker(command, {
      log: log.child({ source: 'codex' }),
      logsMessages: codex.logMessages,
    });
    log.info('a worker of Codex is ready', { pid: worker.pid });
    void endHung(worker, { silentMs: codex.hungAfterMs, log });
    return worker;
  } catch (error) {
    removeEmptyFolders(made);
    const setting = settingsPlace?.variableOf?.('codex.program') ?? 'codex.program, CODEX_PLUS_CODEX_PROGRAM';
    if (error instanceof CodexPlusError)
      throw new CodexPlusError(error.code, `${error.message} (${setting})`, { cause: error });
    const said = error instanceof Error ? error.message : String(error);
    throw new CodexPlusError(
      'upstream_not_ready',
      `the program that is to be Codex does not answer as it does (${setting}): ${said}`,
      { cause: error, retryAfterSeconds: 1 },
    );
  }
}

/** What the workers ask models goes through no stage: their caller's request went through all of them. */
function workerLane(
  { config, log }: ComposeOptions,
  { send, bodies, metrics, key, costs }: CodexParts & { readonly key: string; readonly costs: TurnCosts },
): ReturnType<typeof createExchangeLane> {
  return createExchangeLane({
    walk: createWalk({ stages: [], filters: [], send, limits: config.limits }),
    callerOf: createCallerKeys([{ name: 'codex', key }]).identify,
    activity: { requestBegan: () => undefined, requestEnded: () => undefined },
    observers: [createExchangeMetrics(metrics), costObserver(costs)],
    ...{ bodies, log, keepaliveMs: config.server.keepaliveMs },
  });
}

/** Codex gets no end of an answer before its cost is noted. */
function costObserver(costs: TurnCosts): Observer {
  return {
    name: 'turn-costs',
    answered: ({ exchange, costUsd }) => {
      const { sessionId } = exchange.turn;
      if (sessionId !== undefined && costUsd !== undefined) costs.add(sessionId, costUsd);
    },
    finished: () => undefined,
  };
}
