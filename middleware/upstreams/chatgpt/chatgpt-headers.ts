import type { RawHeaders } from '../../kernel/headers.ts';
import { answerHeadersForNextHop, requestHeadersForNextHop } from '../../protocol/hop-by-hop.ts';

/**
 * What Codex sends to the ChatGPT backend (measured with 0.169.0), by name or by prefix. Anything else stays here: forwarding
 * headers (`x-forwarded-for`, `via`, `cf-…`) are known to make the backend refuse a request.
 */
const allowed = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'authorization',
  'baggage',
  'chatgpt-account-id',
  'content-encoding',
  'content-type',
  'conversation_id',
  'idempotency-key',
  'if-none-match',
  'originator',
  'session-id',
  'session_id',
  'thread-id',
  'traceparent',
  'tracestate',
  'user-agent',
  'version',
  'x-client-request-id',
]);
const allowedPrefixes = ['x-codex-', 'x-openai-', 'openai-', 'x-oai-', 'x-stainless-', 'x-responsesapi-'];
const nothingMore = new Set<string>();

/**
 * A request's headers for the ChatGPT backend: the client's own, in their order and case, that the backend is known
 * to take.
 */
export function chatgptRequestHeaders(headers: RawHeaders): RawHeaders {
  return pick(requestHeadersForNextHop(headers, nothingMore), isAllowed);
}

/** An answer's headers for the client: all of them but the cookies that are kept here for it. */
export function chatgptAnswerHeaders(headers: RawHeaders): RawHeaders {
  return pick(answerHeadersForNextHop(headers), (name) => name !== 'set-cookie');
}

function isAllowed(lowerName: string): boolean {
  return allowed.has(lowerName) || allowedPrefixes.some((prefix) => lowerName.startsWith(prefix));
}

function pick(headers: RawHeaders, keeps: (lowerName: string) => boolean): string[] {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    if (keeps(name.toLowerCase())) kept.push(name, headers[i + 1] ?? '');
  }
  return kept;
}
