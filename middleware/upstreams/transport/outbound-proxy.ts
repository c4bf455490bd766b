import type { Environment } from '../../platform/config/environment.ts';
import { isLoopbackHost } from '../../protocol/loopback-host.ts';

/** URL of the proxy that a call to this URL goes through; `undefined` for a direct call. */
export type ProxyResolver = (url: URL) => string | undefined;

/**
 * The proxy variables as curl reads them: HTTPS_PROXY or HTTP_PROXY by the target's scheme, ALL_PROXY for both, NO_PROXY for
 * exceptions; lower case first. Loopback is never reached through a proxy, so that LiteLLM is not asked from elsewhere.
 */
export function createProxyResolver(env: Environment): ProxyResolver {
  const read = (name: string): string | undefined => {
    const value = env[name.toLowerCase()] ?? env[name];
    return value === undefined || value.trim() === '' ? undefined : value.trim();
  };
  const all = read('ALL_PROXY');
  const proxies: Readonly<Record<string, string | undefined>> = {
    'https:': read('HTTPS_PROXY') ?? all,
    'http:': read('HTTP_PROXY') ?? all,
  };
  const exceptions = (read('NO_PROXY') ?? '')
    .split(/[,\s]+/)
    .filter((entry) => entry !== '')
    .map((entry) => entry.toLowerCase());
  return (url) => {
    const proxy = proxies[url.protocol];
    if (proxy === undefined || isLoopback(url.hostname) || exceptions.some((entry) => covers(entry, url)))
      return undefined;
    return proxy.includes('://') ? proxy : `http://${proxy}`;
  };
}

/** A dot at the end says that the name is whole, and IPv4's loopback has an IPv6 form: both lead to this machine as well. */
function isLoopback(host: string): boolean {
  return isLoopbackHost(host.replace(/\.$/, '')) || mappedLoopback.test(host);
}

/** `::ffff:127.0.0.1` as a URL has it. */
const mappedLoopback = /^\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\]$/;

/** `*`, a host, a domain with or without leading dot (its subdomains too), each with an optional port. */
function covers(entry: string, url: URL): boolean {
  if (entry === '*') return true;
  const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  const actualPort = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  if (port !== undefined && port !== actualPort) return false;
  const domain = name.replace(/^\*?\./, '');
  return domain !== '' && (url.hostname === domain || url.hostname.endsWith(`.${domain}`));
}
