import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { CodexPlusError } from '../kernel/errors.ts';

/** How long a refused client may take to read why. */
const lingerMs = 5_000;

/**
 * Refuses an upgrade on its raw connection. Codex takes a 426 on its Responses socket as the sign to use HTTP at once and
 * silently; any other status costs it seconds of retries, or the turn.
 */
export function refuseUpgrade(socket: Duplex, error: CodexPlusError): void {
  const body = JSON.stringify({ error: { message: error.message, code: error.code } });
  const status = error.status;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n` +
      'content-type: application/json\r\n' +
      `content-length: ${Buffer.byteLength(body)}\r\n` +
      'connection: close\r\n\r\n' +
      body,
  );
  // The server's own limits ended with the upgrade: a client that never closes would hold its connection for ever.
  const limit = setTimeout(() => socket.destroy(), lingerMs).unref();
  socket.once('close', () => {
    clearTimeout(limit);
  });
}

/** Whether an upgrade asks for the Responses API over WebSocket. */
export function isResponsesUpgrade(req: IncomingMessage): boolean {
  return /^(?:\/v1)*\/responses\/?(?:\?|$)/.test(req.url ?? '');
}

/** Whether an upgrade is to the one protocol that is passed through; Node before 24.9 asks only afterwards. */
export function isWebSocket(req: IncomingMessage): boolean {
  return req.headers.upgrade?.toLowerCase() === 'websocket';
}
