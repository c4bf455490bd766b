import type { ServerResponse } from 'node:http';

/** How long a client that was refused in the middle of its body may pause. */
const silentMs = 2_000;

/**
 * Sends all of a short answer, and ends it when the request has come in. A connection that is closed while bytes
 * still come is reset, and a client that writes before it reads would never see why it was refused. One that sends
 * nothing more is not waited for.
 */
export function endAnswer(res: ServerResponse, bytes: Buffer): void {
  const { req } = res;
  if (req.complete || req.destroyed) {
    res.end(bytes);
    return;
  }
  res.write(bytes);
  const end = (): void => {
    clearTimeout(silent);
    if (!res.writableEnded) res.end();
  };
  const silent = setTimeout(() => {
    end();
    // Node would wait for the rest of the request.
    res.once('finish', () => {
      req.socket.destroySoon();
    });
  }, silentMs);
  req.once('end', end).once('close', end);
  req.on('data', () => silent.refresh());
}
