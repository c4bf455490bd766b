import type { Client } from '../../kernel/exchange.ts';
import { headerValue, type RawHeaders } from '../../kernel/headers.ts';

/**
 * Which program sent a request. Codex names itself in `originator` (`codex_exec`, `codex-tui`, `codex_sdk_ts`) and in the
 * user agent; an app-server client may choose its own originator, but still sends `x-codex-turn-metadata`.
 */
export function clientOf(headers: RawHeaders): Client {
  const userAgent = headerValue(headers, 'user-agent') ?? '';
  const version = /^[^/\s]+\/(\d[\w.+-]*)/.exec(userAgent)?.[1];
  if (/^codex/i.test(userAgent) || hasCodexHeader(headers)) return { kind: 'codex', version };
  if (/^claude-cli\//i.test(userAgent)) return { kind: 'claude', version };
  return { kind: 'other', version };
}

function hasCodexHeader(headers: RawHeaders): boolean {
  return (
    headerValue(headers, 'x-codex-turn-metadata') !== undefined ||
    headerValue(headers, 'originator')?.startsWith('codex') === true
  );
}
