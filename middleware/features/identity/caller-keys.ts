import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../../kernel/exchange.ts';
import type { RawHeaders } from '../../kernel/headers.ts';
import type { ApiKey } from '../../platform/config/config.ts';

/** The header for our own key, for clients whose `authorization` carries something else, a ChatGPT login for example. */
const ownHeader = 'x-codex-plus-key';

/** Tells callers apart by the keys that they present. */
export interface CallerKeys {
  /** Whose request it is; `undefined` when a key is asked and none of ours was presented. */
  readonly identify: (headers: RawHeaders) => Caller | undefined;
  /** The headers without the keys that are ours, for a hop that gets the client's own credentials. */
  readonly withoutOurKeys: (headers: RawHeaders) => RawHeaders;
}

/**
 * With no keys configured everybody is a caller of one kind: only loopback can be bound then. With keys, one of them must come as
 * `x-codex-plus-key`, as a bearer token or as `x-api-key`. Keys are compared by digest, in constant time.
 */
export function createCallerKeys(
  apiKeys: readonly ApiKey[],
  keyless: 'local' | 'guest' = 'local',
): CallerKeys {
  if (apiKeys.length === 0)
    return { identify: () => ({ kind: keyless }), withoutOurKeys: (headers) => headers };
  const known = apiKeys.map(({ name, key }) => ({ name, digest: digest(key) }));
  const ownKey = (name: string, value: string): KnownKey | undefined => {
    const key = presentedKey(name.toLowerCase(), value);
    if (key === undefined) return undefined;
    const presented = digest(key);
    return known.find((each) => timingSafeEqual(each.digest, presented));
  };
  const isOurs = (name: string, value: string): boolean => ownKey(name, value) !== undefined;
  return {
    identify: (headers) => {
      const [found] = pairs(headers).flatMap(([name, value]) => ownKey(name, value) ?? []);
      return found && { kind: 'key', id: callerId(found.digest), name: found.name };
    },
    withoutOurKeys: (headers) =>
      pairs(headers)
        .filter(([name, value]) => !isOurs(name, value))
        .flat(),
  };
}

interface KnownKey {
  readonly name: string;
  readonly digest: Buffer;
}

function presentedKey(lowerName: string, value: string): string | undefined {
  if (lowerName === ownHeader || lowerName === 'x-api-key') return value;
  return lowerName === 'authorization' ? /^bearer +(\S+)$/i.exec(value)?.[1] : undefined;
}

function pairs(headers: RawHeaders): (readonly [string, string])[] {
  return Array.from(
    { length: headers.length / 2 },
    (_, i) => [headers[2 * i] ?? '', headers[2 * i + 1] ?? ''] as const,
  );
}

/** Not the key's own digest: from that one a short key could be guessed. */
function callerId(keyDigest: Buffer): string {
  return createHmac('sha256', idSecret).update(keyDigest).digest('base64url').slice(0, 16);
}

/** Names need only hold while this process runs, as conversations do. */
const idSecret = randomBytes(32);

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
