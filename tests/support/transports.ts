import type { ProxyResolver } from '../../middleware/upstreams/transport/outbound-proxy.ts';
import { createUpstreamTransport } from '../../middleware/composition/upstream-transport.ts';
import { createBrowserTransport } from '../../middleware/upstreams/transport/browser-transport.ts';
import { createCodexTransport } from '../../middleware/upstreams/transport/codex-transport.ts';
import type { Transport } from '../../middleware/upstreams/transport/transport.ts';
import { createUndiciTransport } from '../../middleware/upstreams/transport/undici-transport.ts';
import { collectedLog } from './collected-log.ts';

interface TransportOptions {
  readonly headersMs?: number;
  readonly idleMs?: number;
  readonly proxyFor?: ProxyResolver;
  /** The certificate that the browser's process trusts; the others trust what this process does. */
  readonly certFile?: string;
}

export type CreateTransport = (options?: TransportOptions) => Transport;

/** Every transport that a call can take, by its name in the configuration. */
export const transports: readonly (readonly [
  name: 'http1' | 'undici' | 'codex' | 'browser',
  create: CreateTransport,
])[] = [
  // As LiteLLM and providers are called: by undici where a proxy is in between.
  ['http1', (options) => createUpstreamTransport({ ...settings(options), client: 'http1' })],
  ['undici', (options) => createUndiciTransport(settings(options))],
  ['codex', (options) => createCodexTransport(settings(options))],
  [
    'browser',
    (options) =>
      createBrowserTransport({
        ...settings(options),
        env: { SSL_CERT_FILE: options?.certFile },
        log: collectedLog().log,
      }),
  ],
];

function settings(
  options: TransportOptions = {},
): Required<Omit<TransportOptions, 'certFile'>> & { connectMs: number } {
  const { headersMs = 20_000, idleMs = 20_000, proxyFor = () => undefined } = options;
  return { connectMs: 5_000, headersMs, idleMs, proxyFor };
}

/** All of a body. */
export async function readAll(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A body piece by piece; to return from it early gives the body up. */
export async function* piecesOf(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  for await (const chunk of body) yield chunk;
}
