import type { ServerResponse } from 'node:http';

/** How long a client that was refused in the middle of its body may pause. */
const silentMs = 2_000;
/** How long its body may go on. */
const maxLateMs = 30_000;
/** How much of it may still come: more than the bodies that one sends by mistake have. */
const maxLateBytes = 128 << 20;

/**
 * Sends all of a short answer, and ends it when the request has come in. A connection that is closed while bytes
 * still come is reset, and a client that writes before it reads would never see why it was refused. So the rest is
 * read and thrown away, as long as it comes and has an end: then the connection is closed.
 */
export function endAnswer(res: ServerResponse, bytes: Buffer, maxBytes = maxLateBytes): void {
  const { req } = res;
  if (req.complete || req.destroyed) {
    res.end(bytes);
    return;
  }
  res.write(bytes);
  const end = (): void => {
    clearTimeout(silent);
    clearTimeout(late);
    if (!res.writableEnded) res.end();
  };
  const close = (): void => {
    req.off('data', take).pause();
    // Node would wait for the rest of the request.
    res.once('finish', () => {
      req.socket.destroySoon();
    });
    end();
  };
  const silent = setTimeout(close, silentMs);
  const late = setTimeout(close, maxLateMs);
  let left = maxBytes;
  const take = (chunk: Buffer): void => {
    left -= chunk.length;
    if (left >= 0) silent.refresh();
    else close();
  };
  req.once('end', end).once('close', end).on('data', take);
}
