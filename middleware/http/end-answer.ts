import type { ServerResponse } from 'node:http';

/**
 * Sends all of a short answer, and ends it when the request has come in. A connection that is closed while bytes still come is
 * reset, and a client that writes before it reads would never see why it was refused. `requestTimeout` of the server bounds it.
 */
export function endAnswer(res: ServerResponse, bytes: Buffer): void {
  const { req } = res;
  if (req.complete || req.destroyed) {
    res.end(bytes);
    return;
  }
  res.write(bytes);
  const end = (): void => {
    if (!res.writableEnded) res.end();
  };
  req.once('end', end).once('close', end);
  req.resume();
}
