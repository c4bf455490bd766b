import { CodexPlusError } from '../../kernel/errors.ts';

/** The error for a request without one of our keys. */
export function unauthorized(): CodexPlusError {
  return new CodexPlusError(
    'unauthorized',
    'this codex-plus asks for a key: send one of its keys as x-codex-plus-key or as a bearer token ' +
      '(whoever runs it sets them: server.apiKeys or CODEX_PLUS_API_KEYS, of codex-plus api PROXY_API_KEY)',
    // RFC 9110, 15.5.2.
    { headers: ['www-authenticate', 'Bearer realm="codex-plus"'] },
  );
}
