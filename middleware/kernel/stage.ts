import type { Exchange } from './exchange.ts';
import type { Reply } from './reply.ts';

/** One step of the walk before the upstream call. A Reply ends the walk; there is no `next()`. */
export interface RequestStage {
  readonly name: string;
  readonly run: (exchange: Exchange) => Exchange | Reply | Promise<Exchange | Reply>;
}
