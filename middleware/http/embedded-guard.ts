import type { IncomingMessage } from 'node:http';
import { CodexPlusError } from '../kernel/errors.ts';

interface EmbeddedRules {
  readonly apiKeys: readonly unknown[];
  /** The port is reached from this machine only, whatever the address that a caller seems to have. */
  readonly publishedOnLoopback: boolean;
}

/**
 * Refuses what a server of its own would not let happen: callers from elsewhere where no key is asked, since the
 * address that is bound is the app's to choose; and requests whose body somebody has read or turned into text already.
 */
export function createEmbeddedGuard({
  apiKeys,
  publishedOnLoopback,
}: EmbeddedRules): (req: IncomingMessage) => CodexPlusError | undefined {
  const asksKeys = apiKeys.length > 0;
  return (req) => {
    if (!asksKeys && !publishedOnLoopback && !isLoopbackAddress(req.socket.remoteAddress)) {
      return new CodexPlusError(
        'forbidden_origin',
        'callers from other machines need a key, and none is set: see server.apiKeys in codex_plus.json (CODEX_PLUS_API_KEYS)',
      );
    }
    if (!mayHaveBody(req)) return undefined;
    if (req.readableEncoding !== null) {
      return new CodexPlusError(
        'invalid_body',
        'the body was given an encoding before it came to codexPlus(): mount it before what calls req.setEncoding()',
      );
    }
    if (!req.readableDidRead) return undefined;
    return new CodexPlusError(
      'invalid_body',
      'the body was read before it came to codexPlus(): mount it before express.json() and whatever else reads bodies',
    );
  };
}

/** Of other methods most have none, and whether nothing was read says nothing. */
function mayHaveBody({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'POST' ||
    headers['transfer-encoding'] !== undefined ||
    Number(headers['content-length'] ?? 0) > 0
  );
}

/** `undefined`: the connection is gone, or is no network's. */
function isLoopbackAddress(address: string | undefined): boolean {
  return address === undefined || /^(?:::1|(?:::ffff:)?127(?:\.\d{1,3}){3})$/i.test(address);
}
