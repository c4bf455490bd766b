import { isLoopbackHost } from '../../protocol/loopback-host.ts';

/**
 * Whether a client with this base URL calls the middleware at that address: the same port, on this machine or the
 * same host.
 */
export function pointsHere(baseUrl: string | undefined, middlewareUrl: string): boolean {
  const target = URL.parse(baseUrl ?? '');
  const own = URL.parse(middlewareUrl);
  if (target === null || own === null || portOf(target) !== portOf(own)) return false;
  return target.hostname === own.hostname || (isLoopback(target) && isLoopback(own));
}

/** Whether a URL stays on this machine. */
export function isLoopback({ hostname }: URL): boolean {
  return isLoopbackHost(hostname);
}

function portOf({ port, protocol }: URL): string {
  if (port !== '') return port;
  return protocol === 'https:' ? '443' : '80';
}
