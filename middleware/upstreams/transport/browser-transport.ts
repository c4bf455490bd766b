import type { Log } from '../../kernel/log.ts';
import type { Environment } from '../../platform/config/environment.ts';
import { runUnowned } from '../../platform/process/request-owner.ts';
import { BrowserProcess } from './browser-process.ts';
import { abortReason, unreachable } from './call-errors.ts';
import type { ProxyResolver } from './outbound-proxy.ts';
import type { Transport } from './transport.ts';
import { usableProxy } from './usable-proxy.ts';

interface BrowserTransportOptions {
  readonly headersMs: number;
  readonly idleMs: number;
  readonly proxyFor: ProxyResolver;
  readonly env: Environment;
  readonly log: Log;
}

const proxyKinds = ['http:', 'https:', 'socks4:', 'socks4a:', 'socks5:', 'socks5h:'];

/**
 * Calls with the TLS hello and the HTTP/2 of a browser, by impit in a process of its own. They differ from what
 * `Transport` promises where impit does: names of headers are in lower case and those of answers sorted, the reason phrase
 * is the usual one of its status, answers come decoded, none lasts longer than an hour, and the wait for a connection is
 * part of the wait for the head.
 */
export function createBrowserTransport(options: BrowserTransportOptions): Transport {
  const processes = new Set<BrowserProcess>();
  let isClosed = false;

  const takesCalls = (): BrowserProcess => {
    for (const process of processes) if (process.takesCalls) return process;
    // It makes calls for other requests as well.
    const process = runUnowned(() => new BrowserProcess(options.env, options.log));
    processes.add(process);
    void process.ended.then(() => processes.delete(process));
    return process;
  };

  return {
    call: async (call) => {
      if (isClosed) throw unreachable(call.url, 'this transport is closed');
      if (call.signal.aborted) throw abortReason(call.signal);
      const proxy = options.proxyFor(call.url);
      const proxyUrl = proxy === undefined ? undefined : usableProxy(call.url, proxy, proxyKinds);
      return takesCalls().call(call, proxyUrl, options);
    },
    close: async () => {
      isClosed = true;
      for (const process of processes) process.retire();
      await Promise.all([...processes].map(({ ended }) => ended));
    },
  };
}
