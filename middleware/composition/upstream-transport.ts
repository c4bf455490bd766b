import type { Config } from '../platform/config/config.ts';
import { createCodexTransport } from '../upstreams/transport/codex-transport.ts';
import { createHttp1Transport } from '../upstreams/transport/http1/http1-transport.ts';
import { passOverContinue } from '../upstreams/transport/interim-answers.ts';
import type { ProxyResolver } from '../upstreams/transport/outbound-proxy.ts';
import type { Transport } from '../upstreams/transport/transport.ts';
import { createUndiciTransport } from '../upstreams/transport/undici-transport.ts';

type UpstreamTransportOptions = Config['timeouts'] &
  Config['upstreams'] & { readonly proxyFor: ProxyResolver };

/** How LiteLLM and providers are called: by the client of the configuration, and by undici through an outbound proxy. */
export function createUpstreamTransport(options: UpstreamTransportOptions): Transport {
  const undici = passOverContinue(createUndiciTransport(options), createCodexTransport(options));
  if (options.client === 'undici') return undici;
  const direct = createHttp1Transport(options);
  return {
    call: (call) => (options.proxyFor(call.url) === undefined ? direct : undici).call(call),
    close: async () => {
      await Promise.all([direct.close(), undici.close()]);
    },
  };
}
