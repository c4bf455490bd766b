/**
 * Whether a host, written as in a URL, is this machine and nothing else. Only the plain spelling counts: what is no
 * address for everybody (`127.999.999.999`, `0177.0.0.1`, `2130706433`) may be a name for somebody.
 */
export function isLoopbackHost(host: string): boolean {
  return loopback.test(host);
}

const loopback = /^(?:(?:[\w-]+\.)*localhost|127(?:\.(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}|\[::1\])$/i;
