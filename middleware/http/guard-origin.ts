import type { IncomingMessage } from 'node:http';
import { CodexPlusError } from '../kernel/errors.ts';

/** Who may call: by the name that they call us by, and by the page that makes them call. */
export interface OriginRules {
  /** The address that is bound. */
  readonly host: string;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
}

const loopbackName = /^(?:localhost|(?:[\w-]+\.)+localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Refuses what a web page elsewhere could make a browser send: a request under a foreign host name (DNS rebinding) or from
 * a foreign origin (CSRF). Programs that are no browsers send no `origin` and call us by the name that they were given.
 */
export function createOriginGuard(rules: OriginRules): (req: IncomingMessage) => CodexPlusError | undefined {
  const bound = rules.host.includes(':') ? `[${rules.host}]` : rules.host;
  const hosts = new Set([bound, ...rules.allowedHosts].map((host) => host.toLowerCase()));
  const origins = new Set(rules.allowedOrigins.map((origin) => origin.toLowerCase()));
  const knownHost = (name: string): boolean =>
    hosts.has('*') || loopbackName.test(name) || hosts.has(name.toLowerCase());

  return (req) => {
    const { host = '', origin } = req.headers;
    const name = host.replace(/:\d*$/, '');
    if (!knownHost(name)) {
      return refusal(
        `the host name "${name}" is not known here; add it to server.allowedHosts in codex_plus.json`,
      );
    }
    if (origin !== undefined) {
      if (origins.has(origin.toLowerCase()) || origin.toLowerCase() === `http://${host}`.toLowerCase())
        return undefined;
      return refusal(
        `requests from the origin "${origin}" are refused; add it to server.allowedOrigins in codex_plus.json`,
      );
    }
    if (req.headers['sec-fetch-site'] === 'cross-site') {
      return refusal('requests from another site are refused; see server.allowedOrigins in codex_plus.json');
    }
    return undefined;
  };
}

function refusal(message: string): CodexPlusError {
  return new CodexPlusError('forbidden_origin', message);
}
