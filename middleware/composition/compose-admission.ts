import type { IncomingMessage } from 'node:http';
import { RateLimit } from '../features/limits/rate-limit.ts';
import type { Caller } from '../kernel/exchange.ts';
import type { ComposeOptions } from './compose-options.ts';

/** Throws for a request that its caller, `undefined` for a stranger, may not make now. */
export type Admit = (req: IncomingMessage, caller: Caller | undefined) => void;

/** What each request for a model goes through in both lanes before its body is read. Callers without a key are told apart by their address. */
export function composeAdmission({ config: { rateLimit }, now }: ComposeOptions): Admit {
  if (!rateLimit.enabled) return () => undefined;
  const limit = new RateLimit(rateLimit, now);
  return ({ socket }, caller) => {
    limit.take(caller?.id === undefined ? `address ${socket.remoteAddress ?? ''}` : `key ${caller.id}`);
  };
}
