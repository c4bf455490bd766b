import type { Environment } from '../../platform/config/environment.ts';

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

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(host)
  );
}

/** `*`, a host, a domain with or without leading dot (its subdomains too), each with an optional port. */
function covers(entry: string, url: URL): boolean {
  if (entry === '*') return true;
  const [, name = '', port] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  const actualPort = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
  if (port !== undefined && port !== actualPort) return false;
  const domain = name.replace(/^\*?\./, '');
  return domain !== '' && (url.hostname === domain || url.hostname.endsWith(`.${domain}`));
}
