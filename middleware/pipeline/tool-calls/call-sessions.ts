import type { ApiRequest, Exchange } from '../../kernel/exchange.ts';
import { Conversation } from '../../protocol/conversation/conversation.ts';
import { namedSessionKey, sessionKey } from '../../protocol/conversation/session-key.ts';

/**
 * Names the conversations of exchanges by what their clients sent: stages change how a conversation begins, and it has to have the
 * same name before and after them. Kept by the exchange's signal, which stays the same object; gone with it.
 */
export class CallSessions {
  readonly #requests = new WeakMap<AbortSignal, ApiRequest>();

  /** Remembers the request as it is now; only the first time counts. */
  note({ signal, request, turn }: Exchange): void {
    // Only where it is asked for: what a weak map of V8's old generation holds lives until the next full collection.
    if (turn.sessionId === undefined && !this.#requests.has(signal)) this.#requests.set(signal, request);
  }

  /** `undefined` for a request without a conversation. */
  keyOf(exchange: Exchange): string | undefined {
    const { sessionId } = exchange.turn;
    if (sessionId !== undefined) return namedSessionKey(sessionId, exchange.caller);
    const request = this.#requests.get(exchange.signal) ?? exchange.request;
    const conversation = Conversation.of(request);
    return conversation === undefined ? undefined : sessionKey(exchange, conversation);
  }
}
