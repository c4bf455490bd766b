import { unreachable } from './call-errors.ts';

/**
 * The proxy's URL in its usual form; throws where its kind is none of these. A client library goes past a proxy that it does
 * not know, in silence.
 */
export function usableProxy(target: URL, proxy: string, kinds: readonly string[]): string {
  const parsed = URL.parse(proxy);
  if (parsed !== null && kinds.includes(parsed.protocol)) return parsed.href;
  // Without the URL itself, which may hold a password.
  throw unreachable(target, `the proxy that the environment names for it is no URL with ${kinds.join(', ')}`);
}
