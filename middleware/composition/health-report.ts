import type { SeenClients } from '../features/clients/seen-clients.ts';
import type { HealthReport } from '../http/routes/health.ts';
import type { ComposeOptions } from './compose-options.ts';
import type { Upstreams } from './compose-upstreams.ts';

interface HealthParts {
  readonly upstreams: Upstreams;
  readonly isDraining: () => boolean;
  readonly clients: SeenClients;
  readonly startedAt: number;
}

/** What the health routes tell of this middleware. */
export function healthReport({ config, litellm, version }: ComposeOptions, parts: HealthParts): HealthReport {
  const hasFallback = config.providers.some(({ apiKey }) => apiKey !== undefined);
  const isReady = litellm.target() !== undefined && parts.upstreams.breaker.state !== 'open';
  return {
    draining: parts.isDraining(),
    notReadyReason: isReady || hasFallback ? undefined : parts.upstreams.notReadyReason(),
    details: {
      version: version.version,
      pid: process.pid,
      uptimeSeconds: Math.round((Date.now() - parts.startedAt) / 1000),
      litellm: { ...litellm.status(), breaker: parts.upstreams.breaker.state },
      chatgpt: { enabled: config.chatgpt.enabled, transport: config.chatgpt.transport },
      providers: config.providers.map(({ name, apiKey }) => ({ name, hasKey: apiKey !== undefined })),
      clients: parts.clients.list(),
    },
  };
}
