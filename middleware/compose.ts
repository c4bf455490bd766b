import type { IncomingMessage } from 'node:http';
import { createSentencesFilter } from './features/accessibility/sentences.ts';
import { SeenClients } from './features/clients/seen-clients.ts';
import { createCallerKeys } from './features/identity/caller-keys.ts';
import { createAccessLog } from './features/observe/access-log.ts';
import { createExchangeMetrics } from './features/observe/exchange-metrics.ts';
import { createApp } from './http/app.ts';
import { createOriginGuard } from './http/guard-origin.ts';
import { createPassthroughLane } from './http/passthrough.ts';
import { createHealthRoutes, type HealthReport } from './http/routes/health.ts';
import { createMetricsRoute } from './http/routes/metrics.ts';
import { createModelsRoute } from './http/routes/models.ts';
import { createVersionRoute } from './http/routes/version.ts';
import { createExchangeLane } from './http/serve-exchange.ts';
import { createHttpServer, type HttpServer } from './http/server.ts';
import type { Log } from './kernel/log.ts';
import { createIdentifyStage, unauthorized } from './pipeline/stages/identify.ts';
import { createWalk } from './pipeline/walk.ts';
import type { Config } from './platform/config/config.ts';
import type { Environment } from './platform/config/environment.ts';
import type { Version } from './platform/release/read-version.ts';
import { createMetrics, type Metrics } from './platform/telemetry/metrics.ts';
import { createChatgptUpstream } from './upstreams/chatgpt/chatgpt-upstream.ts';
import type { LitellmTier } from './upstreams/litellm/litellm-tier.ts';
import { createLitellmUpstream } from './upstreams/litellm/litellm-upstream.ts';
import { createModelList } from './upstreams/litellm/model-list.ts';
import { createProviderUpstream } from './upstreams/provider/provider-upstream.ts';
import { Breaker } from './upstreams/route/breaker.ts';
import { createPassthroughRoute } from './upstreams/route/passthrough-route.ts';
import { createRoute } from './upstreams/route/route.ts';
import { createProxyResolver } from './upstreams/transport/outbound-proxy.ts';
import type { Transport } from './upstreams/transport/transport.ts';
import { createUndiciTransport } from './upstreams/transport/undici-transport.ts';

interface ComposeOptions {
  readonly config: Config;
  readonly env: Environment;
  readonly log: Log;
  readonly litellm: LitellmTier;
  readonly version: Version;
}

/** The middleware put together; nothing listens yet. */
export interface Middleware {
  readonly server: HttpServer;
  /** Ends the connections to upstreams, once nothing runs any more. */
  readonly close: () => Promise<void>;
}

/** Puts the parts together: which stages a model call walks through, where calls go, and who watches. */
export function compose(options: ComposeOptions): Middleware {
  const { config, env, log, litellm, version } = options;
  const metrics = createMetrics();
  const keys = createCallerKeys(config.server.apiKeys);
  const transport = createUndiciTransport({ ...config.timeouts, proxyFor: createProxyResolver(env) });
  const breaker = createLitellmBreaker(options, metrics);
  const clients = new SeenClients({ testedCodexVersions: version.testedCodexVersions, log });
  const notReadyReason = (): string => describe(litellm);

  const walk = createWalk({
    stages: [
      // First, so that nothing is done for a stranger.
      createIdentifyStage(keys),
    ],
    send: createSend(options, transport, breaker, notReadyReason),
    filters: [
      // Last, so that it streams the text that the others made.
      createSentencesFilter({ always: config.accessibility.sentences }),
    ],
  });
  const exchange = createExchangeLane({
    maxBodyBytes: config.server.maxBodyBytes,
    keepaliveMs: config.server.keepaliveMs,
    walk,
    activity: metrics,
    observers: [
      createExchangeMetrics(metrics),
      clients,
      // Last: its line says that all the others have seen the exchange.
      ...(config.log.access ? [createAccessLog(log)] : []),
    ],
    log,
  });
  const chooseHop = createPassthroughRoute({
    litellm: () => (breaker.state === 'open' ? undefined : litellm.target()),
    notReadyReason,
    chatgpt: config.chatgpt,
    providers: config.providers,
    withoutOurKeys: keys.withoutOurKeys,
  });
  const passthrough = createPassthroughLane({
    chooseHop: (req: IncomingMessage) => {
      if (keys.identify(req.rawHeaders) === undefined) throw unauthorized();
      return chooseHop(req);
    },
    proxyEnv: env,
    onFinished: (request) => {
      log.info('passthrough', { ...request });
    },
  });
  const startedAt = Date.now();
  const app = createApp({
    open: [
      createHealthRoutes(() => healthReport(options, { server, breaker, clients, startedAt })),
      createVersionRoute({ ...version }),
    ],
    guarded: [createMetricsRoute(metrics), createModels(options)],
    isKnown: (req) => keys.identify(req.rawHeaders) !== undefined,
    passthrough,
  });
  const server = createHttpServer({ exchange, app, passthrough, guard: createOriginGuard(config.server) });
  return { server, close: () => transport.close() };
}

function createSend(
  { config, litellm }: ComposeOptions,
  transport: Transport,
  breaker: Breaker,
  notReadyReason: () => string,
): ReturnType<typeof createRoute> {
  return createRoute({
    litellm: createLitellmUpstream({ target: () => litellm.target(), notReadyReason, transport }),
    breaker,
    provider: createProviderUpstream({ providers: config.providers, transport }),
    chatgpt: config.chatgpt.enabled
      ? createChatgptUpstream({ config: config.chatgpt, transport })
      : undefined,
  });
}

function createModels({ config, litellm, log }: ComposeOptions): ReturnType<typeof createModelsRoute> {
  const models = createModelList({
    configFile: config.litellm.configFile,
    target: () => litellm.target(),
    fallbackNames: config.providers.flatMap(({ models: names }) => Object.keys(names)),
    log,
  });
  return createModelsRoute({ models, hasLitellm: () => litellm.target() !== undefined });
}

/** The breaker of the LiteLLM tier; the tier's own word that it is ready closes it at once. */
function createLitellmBreaker({ config, litellm, log }: ComposeOptions, metrics: Metrics): Breaker {
  const breaker = new Breaker({
    ...config.breaker,
    now: () => performance.now(),
    onChange: (state) => {
      metrics.setBreaker('litellm', state);
      log.warn('the circuit breaker of LiteLLM changed', { state });
    },
  });
  metrics.setBreaker('litellm', breaker.state);
  metrics.setLitellmUp(false);
  litellm.onChange(({ state }) => {
    metrics.setLitellmUp(state === 'ready');
    if (state === 'ready') breaker.succeeded();
  });
  return breaker;
}

function describe(litellm: LitellmTier): string {
  const { state, reason } = litellm.status();
  return reason === undefined ? `LiteLLM is ${state}` : `LiteLLM is ${state}: ${reason}`;
}

interface HealthParts {
  readonly server: HttpServer;
  readonly breaker: Breaker;
  readonly clients: SeenClients;
  readonly startedAt: number;
}

function healthReport({ config, litellm, version }: ComposeOptions, parts: HealthParts): HealthReport {
  const hasFallback = config.providers.some(({ apiKey }) => apiKey !== undefined);
  const isReady = litellm.target() !== undefined && parts.breaker.state !== 'open';
  return {
    draining: parts.server.isDraining(),
    notReadyReason: isReady || hasFallback ? undefined : describe(litellm),
    details: {
      version: version.version,
      pid: process.pid,
      uptimeSeconds: Math.round((Date.now() - parts.startedAt) / 1000),
      litellm: { ...litellm.status(), breaker: parts.breaker.state },
      chatgpt: { enabled: config.chatgpt.enabled, transport: config.chatgpt.transport },
      providers: config.providers.map(({ name, apiKey }) => ({ name, hasKey: apiKey !== undefined })),
      clients: parts.clients.list(),
    },
  };
}
