import type { Api } from '../kernel/exchange.ts';

/** The headers by which clients tell a request: Anthropic's read one of their own, all others OpenAI's. */
export function requestIdHeaders(api: Api | undefined, id: string): readonly string[] {
  return api === 'messages' ? ['x-request-id', id, 'request-id', id] : ['x-request-id', id];
}
