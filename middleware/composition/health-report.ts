import type { SeenClients } from '../features/clients/seen-clients.ts';
import type { FailingModels } from '../features/observe/failing-models.ts';
import type { HealthReport } from '../http/routes/health.ts';
import type { LitellmStatus, LitellmTier } from '../upstreams/litellm/tier.ts';
import { servedNames } from '../protocol/app-server/served-models.ts';
import { ownProviderName } from '../upstreams/codex/worker-command.ts';
import type { ComposedCodex } from './compose-codex.ts';
import type { ComposeOptions } from './compose-options.ts';
import type { Upstreams } from './compose-upstreams.ts';

interface HealthParts {
  readonly upstreams: Upstreams;
  readonly isDraining: () => boolean;
  readonly clients: SeenClients;
  readonly failing: FailingModels;
  readonly startedAt: number;
  readonly codex: ComposedCodex | undefined;
}

/** What the health routes tell of this middleware. */
export function healthReport({ config, litellm, version }: ComposeOptions, parts: HealthParts): HealthReport {
  const hasFallback = config.providers.some(({ apiKey }) => apiKey !== undefined);
  // Codex that calls us needs what we call; with a provider of its own it answers alone.
  const hasCodex = config.codex.enabled && config.codex.provider !== ownProviderName;
  const codex = parts.codex && { workers: parts.codex.workers() };
  const openDetails = {
    version: version.version,
    pid: process.pid,
    uptimeSeconds: Math.round((Date.now() - parts.startedAt) / 1000),
    litellm: { ...withoutNames(litellm.status()), breaker: parts.upstreams.breaker.state },
    chatgpt: { enabled: config.chatgpt.enabled, transport: config.chatgpt.transport },
    providers: config.providers.map(({ name, apiKey }) => ({ name, hasKey: apiKey !== undefined })),
    ...(codex && { codex }),
    clients: parts.clients.list(),
  };
  const isReady = litellm.target() !== undefined && parts.upstreams.breaker.state !== 'open';
  return {
    draining: parts.isDraining(),
    notReadyReason:
      whyNoModel(litellm) ??
      (isReady || hasFallback || hasCodex ? undefined : parts.upstreams.notReadyReason()),
    sandboxMode: config.codex.enabled ? config.codex.sandbox : undefined,
    openDetails,
    details: {
      ...openDetails,
      litellm: { ...litellm.status(), breaker: parts.upstreams.breaker.state },
      ...(codex && { codex: { ...codex, models: servedNames(config.codex.listedAs) } }),
      failing: parts.failing.list(),
    },
  };
}

/** What the warnings say is about models as well. */
function withoutNames({ state, since, reason, url }: LitellmStatus): object {
  return { state, since, reason, url };
}

/** Why no model can be called though LiteLLM runs: not one of them has its key. */
function whyNoModel(litellm: LitellmTier): string | undefined {
  const { models, missingKeys = {} } = litellm.status();
  if (models.length === 0 || !models.every((name) => missingKeys[name] !== undefined)) return undefined;
  const variables = [...new Set(Object.values(missingKeys))].join(', ');
  return `no model has the key of its provider: set one of ${variables} and start Codex-Plus again (a ChatGPT login needs none)`;
}
