import { codeOf, CodexPlusError } from '../../kernel/errors.ts';
import type { Transport } from './transport.ts';

/**
 * Calls whose upstreams may say `100 Continue` unasked, which RFC 9110 §15.2 has every client pass over. undici
 * takes it for a broken answer, and there is no way around that: such an origin is called with another client from
 * then on, for the first time with a request that it has had already and whose connection was closed.
 */
export function passOverContinue(usual: Transport, other: Transport): Transport {
  const origins = new Set<string>();
  return {
    call: (call) => {
      const { origin } = call.url;
      if (origins.has(origin)) return other.call(call);
      return usual.call(call).catch((error: unknown) => {
        if (!wasContinue(error) || call.signal.aborted) throw error;
        origins.add(origin);
        return other.call(call);
      });
    },
    close: async () => {
      await Promise.all([usual.close(), other.close()]);
    },
  };
}

/** With a call under way, undici says this of nothing else. */
function wasContinue(error: unknown): boolean {
  if (!(error instanceof CodexPlusError)) return false;
  const { cause } = error;
  return cause instanceof Error && codeOf(cause) === 'UND_ERR_SOCKET' && cause.message === 'bad response';
}
