import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { RawHeaders } from '../kernel/headers.ts';

/** Each connection has its own. An expectation was met when the body was asked for here. */
const ofTheConnection = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'expect',
]);

/**
 * The headers of a passed request as `http.request` takes them: those of its hop, in their order and case, with the
 * framing of the body that follows, the client's or one that was read. `host` is added by whoever makes the
 * request.
 */
export function outgoingHeaders(
  req: IncomingMessage,
  headers: RawHeaders,
  body?: Buffer,
): IncomingHttpHeaders {
  const outgoing = Object.create(null) as Record<string, string | string[]>;
  const names = new Map<string, string>();
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    const value = headers[i + 1] ?? '';
    const lower = name.toLowerCase();
    if (ofTheConnection.has(lower)) continue;
    const known = names.get(lower);
    if (known === undefined) {
      names.set(lower, name);
      outgoing[name] = value;
    } else {
      outgoing[known] = [outgoing[known] ?? [], value].flat();
    }
  }
  if (body !== undefined) return Object.assign(outgoing, { 'content-length': String(body.length) });
  for (const name of ['content-length', 'transfer-encoding'] as const) {
    const value = req.headers[name];
    if (value !== undefined) outgoing[name] = value;
  }
  return outgoing;
}

/** The same for a request to speak WebSocket. */
export function upgradeHeaders(req: IncomingMessage, headers: RawHeaders): IncomingHttpHeaders {
  const outgoing = outgoingHeaders(req, headers);
  const own = ['sec-websocket-key', 'sec-websocket-version'] as const;
  const missing = own.filter((name) => !Object.keys(outgoing).some((key) => key.toLowerCase() === name));
  for (const name of missing) outgoing[name] = req.headers[name];
  return Object.assign(outgoing, { connection: 'Upgrade', upgrade: 'websocket' });
}
