import type { ServerResponse } from 'node:http';
import type { Exchange } from '../../kernel/exchange.ts';
import { headerValue } from '../../kernel/headers.ts';
import { keepaliveFrame } from '../../protocol/keepalive.ts';

interface KeepaliveOptions {
  readonly res: ServerResponse;
  readonly exchange: Exchange;
  /** Silence after which a frame is sent; 0 for never. */
  readonly afterMs: number;
  /** Whether a frame of our own could go out now. */
  readonly isAtBoundary: () => boolean;
}

/**
 * Sends the client of an event stream a sign of life in silences; `undefined` where it wants none. To be cleared at
 * the end.
 */
export function startKeepalive(options: KeepaliveOptions): NodeJS.Timeout | undefined {
  const { res, exchange, afterMs, isAtBoundary } = options;
  const { id, request, client, log } = exchange;
  if (afterMs <= 0 || headerValue(request.headers, 'x-no-keepalive') === '1') return undefined;
  const timer = setInterval(() => {
    try {
      // A client that is behind with reading knows that we live.
      if (!res.writableEnded && isAtBoundary() && res.writableLength === 0)
        res.write(keepaliveFrame(client, request.api));
    } catch (error) {
      // The answer itself does not need it.
      clearInterval(timer);
      log.error('the keepalives of a model call failed', { id, error });
    }
  }, afterMs);
  return timer;
}
