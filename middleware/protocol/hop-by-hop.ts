import type { RawHeaders } from '../kernel/headers.ts';

/** Headers that belong to one connection and are never forwarded. Source: RFC 9110 §7.6.1, and what older proxies send. */
const always = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** What a request says to the connection or to this middleware, and not to the upstream. */
const forThisHop = new Set(['host', 'content-length', 'expect', 'x-no-keepalive']);
/** Everything else that only we understand: our key, the workspace, what this request switches on. */
const ourPrefix = 'x-codex-plus-';

/** The names (lower case) that end at this hop: the fixed ones and those that `connection` lists. */
export function hopByHopNames(headers: RawHeaders): ReadonlySet<string> {
  let names: Set<string> | undefined;
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    if (name.length !== 10 || name.toLowerCase() !== 'connection') continue;
    for (const token of (headers[i + 1] ?? '').split(',')) {
      const listed = token.trim().toLowerCase();
      if (listed !== '' && !always.has(listed)) (names ??= new Set(always)).add(listed);
    }
  }
  return names ?? always;
}

/**
 * A request's headers for the next hop: without hop-by-hop headers, our own, and `host` and `content-length`, which
 * the next call sets.
 */
export function requestHeadersForNextHop(headers: RawHeaders, alsoDrop: ReadonlySet<string>): string[] {
  const dropped = hopByHopNames(headers);
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    const lower = name.toLowerCase();
    if (forThisHop.has(lower) || dropped.has(lower) || alsoDrop.has(lower)) continue;
    if (lower.startsWith(ourPrefix)) continue;
    kept.push(name, headers[i + 1] ?? '');
  }
  return kept;
}

/** An answer's headers for the next hop: without hop-by-hop headers. */
export function answerHeadersForNextHop(headers: RawHeaders): string[] {
  const dropped = hopByHopNames(headers);
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] ?? '';
    if (!dropped.has(name.toLowerCase())) kept.push(name, headers[i + 1] ?? '');
  }
  return kept;
}
