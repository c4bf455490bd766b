import type { IncomingMessage, ServerResponse } from 'node:http';

/** Whether pages of an origin may call; asked with what stands in `origin`. */
export type OriginCheck = (origin: string) => boolean;

/**
 * Those of the configuration, in any case of letters: `*` is every origin, and `http://localhost:*` one at whatever
 * port.
 */
export function createOriginCheck(allowed: readonly string[]): OriginCheck {
  const origins = new Set(allowed.map((origin) => origin.toLowerCase()));
  if (origins.has('*')) return () => true;
  return (origin) => {
    const lower = origin.toLowerCase();
    return origins.has(lower) || origins.has(`${lower.replace(/:\d+$/, '')}:*`);
  };
}

/** Lets pages of the allowed origins read answers. */
export interface Cors {
  /** Puts the headers of an answer to such a page on it, before anything else is: errors and streams have them as well. */
  readonly allow: (req: IncomingMessage, res: ServerResponse) => void;
  /** Answers a browser that asks whether a page may call, and says whether it did. It sends no key with that question. */
  readonly answerPreflight: (req: IncomingMessage, res: ServerResponse) => boolean;
}

const methods = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
/** How long a browser may remember it, in seconds; none does for longer than two hours. */
const maxAgeSeconds = 7200;

/**
 * Cookies and logins of the browser are never allowed: a page sends its key itself. So `*` is safe for whoever asks for a key.
 */
export function createCors(allowed: readonly string[]): Cors {
  const isAllowed = createOriginCheck(allowed);
  const isAny = allowed.includes('*');
  return {
    allow: (req, res) => {
      const { origin } = req.headers;
      if (origin === undefined || !isAllowed(origin)) return;
      res.setHeader('access-control-allow-origin', isAny ? '*' : origin);
      if (!isAny) res.setHeader('vary', 'origin');
      // What clients read of an answer besides its body: ids, limits, when to try again.
      res.setHeader('access-control-expose-headers', '*');
    },
    answerPreflight: (req, res) => {
      const { headers } = req;
      if (req.method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return false;
      if (!res.hasHeader('access-control-allow-origin')) return false;
      res.removeHeader('access-control-expose-headers');
      const asked = headers['access-control-request-headers'];
      res.writeHead(204, {
        'access-control-allow-methods': methods,
        ...(asked === undefined ? {} : { 'access-control-allow-headers': asked }),
        'access-control-max-age': String(maxAgeSeconds),
      });
      res.end();
      return true;
    },
  };
}
