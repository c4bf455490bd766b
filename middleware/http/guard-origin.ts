import type { IncomingMessage } from 'node:http';
import { CodexPlusError } from '../kernel/errors.ts';
import { isLoopbackHost } from '../protocol/loopback-host.ts';
import { createOriginCheck } from './cors.ts';

/** Who may call: by the name that they call us by, and by the page that makes them call. */
export interface OriginRules {
  /** The address that is bound. */
  readonly host: string;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
}

/**
 * Refuses what a web page elsewhere could make a browser send: a request under a foreign host name (DNS rebinding) or from
 * a foreign origin (CSRF), with what the setting is called that would let it through. Programs that are no browsers send no `origin` and call us by the name that they were given.
 */
export function createOriginGuard(
  rules: OriginRules,
  nameOf: (setting: keyof OriginRules) => string,
): (req: IncomingMessage) => CodexPlusError | undefined {
  const bound = rules.host.includes(':') ? `[${rules.host}]` : rules.host;
  const hosts = new Set([bound, ...rules.allowedHosts].map((host) => host.toLowerCase()));
  const isAllowed = createOriginCheck(rules.allowedOrigins);
  const allowsAny = rules.allowedOrigins.includes('*');
  const knownHost = (name: string): boolean =>
    hosts.has('*') || isLoopbackHost(name) || hosts.has(name.toLowerCase());

  return (req) => {
    // Node tells the first of several, and whoever stands before or behind us may go by another: RFC 9112, 3.2.
    if (hostsIn(req.rawHeaders) > 1) {
      return new CodexPlusError(
        'invalid_host',
        'the request has more than one "host" header; send the one that names this address',
      );
    }
    const { host = '', origin } = req.headers;
    const name = host.replace(/:\d*$/, '');
    if (!knownHost(name)) {
      return refusal(`the host name "${name}" is not known here; add it to ${nameOf('allowedHosts')}`);
    }
    if (origin !== undefined) {
      if (isAllowed(origin) || origin.toLowerCase() === `http://${host}`.toLowerCase()) return undefined;
      return refusal(
        `requests from the origin "${origin}" are refused; add it to ${nameOf('allowedOrigins')}`,
      );
    }
    if (!allowsAny && req.headers['sec-fetch-site'] === 'cross-site') {
      return refusal(`requests from another site are refused; see ${nameOf('allowedOrigins')}`);
    }
    return undefined;
  };
}

function hostsIn(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}

function refusal(message: string): CodexPlusError {
  return new CodexPlusError('forbidden_origin', message);
}
