import type { Exchange } from '../../kernel/exchange.ts';
import type { UpstreamAnswer } from '../../kernel/upstream.ts';

type Send = (exchange: Exchange) => Promise<UpstreamAnswer>;

/** Sends model calls, and notes each that was answered in the record of its exchange: an answer may have many rounds. */
export function recordCalls(send: Send): Send {
  return async (exchange) => {
    const answer = await send(exchange);
    const { route, provider, status, costUsd } = answer;
    exchange.record.addCall({ purpose: 'answer', route, provider, status, usage: undefined, costUsd });
    return answer;
  };
}
