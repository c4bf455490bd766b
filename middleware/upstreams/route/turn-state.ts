import { StateKey } from '../../kernel/exchange-state.ts';
import type { Exchange } from '../../kernel/exchange.ts';
import { headerNames, headerValue, type RawHeaders } from '../../kernel/headers.ts';
import type { UpstreamAnswer } from '../../kernel/upstream.ts';

type Send = (exchange: Exchange) => Promise<UpstreamAnswer>;

const name = 'x-codex-turn-state';
const turnStateKey = new StateKey<string>('turn state');

/**
 * Sends later calls for the same exchange with the turn state of its first answer, as Codex does with the later
 * requests of a turn: a turn stays with the machine that began it. One that the client itself sent stays as it is.
 */
export function keepTurnState(send: Send): Send {
  return async (exchange) => {
    const state = exchange.state.get(turnStateKey);
    const answer = await send(state === undefined ? exchange : withState(exchange, state));
    const given = state === undefined ? headerValue(answer.headers, name) : undefined;
    if (given !== undefined) exchange.state.set(turnStateKey, given);
    return answer;
  };
}

function withState(exchange: Exchange, state: string): Exchange {
  const { request } = exchange;
  if (headerValue(request.headers, name) !== undefined) return exchange;
  return { ...exchange, request: { ...request, headers: placed(request.headers, state) } };
}

/** Where Codex writes it, if the client is one. */
function placed(headers: RawHeaders, state: string): RawHeaders {
  const next = headerNames(headers).indexOf('x-client-request-id');
  const at = next < 0 ? headers.length : next * 2;
  return [...headers.slice(0, at), name, state, ...headers.slice(at)];
}
