import type { ConfigFault } from './config-error.ts';
import type { ApiKey } from './config.ts';
import type { OverrideSources } from './environment.ts';
import type { SettingsPlace } from './settings-place.ts';

/** A key that documents show: everybody has it. */
export const shownKey = 'codex-local-secret';

/** As long as the schema asks of each. */
export const minKeyLength = 16;

/** Whether a header can carry it: a bearer token ends at a space. */
export function isSendable(key: string): boolean {
  return /^[!-~]+$/.test(key);
}

/** Where the keys were written. */
interface KeysFrom {
  readonly place: SettingsPlace;
  readonly sources: OverrideSources;
}

/**
 * What is well formed in `server.apiKeys` and all the same names nobody, or two callers at once. No fault tells a
 * key: these texts go into logs.
 */
export function keyFaults(apiKeys: readonly ApiKey[], { place, sources }: KeysFrom): ConfigFault[] {
  const variable = sources.get('server.apiKeys');
  const isWritten = variable === undefined;
  return apiKeys.flatMap((apiKey, index) =>
    reasonsOf(apiKey, index, apiKeys).map(([member, reason]) => ({
      source: isWritten ? place.source : 'environment',
      path: isWritten ? `${place.prefix}server.apiKeys[${index}]${member}` : variable,
      reason: isWritten ? reason : `key ${index + 1} of the list ${reason}`,
    })),
  );
}

/** What one key may not have in common with those before it, and what it may not be; with the member that it is in. */
function reasonsOf(
  { name, key }: ApiKey,
  index: number,
  apiKeys: readonly ApiKey[],
): (readonly [member: string, reason: string])[] {
  const sameKey = apiKeys.findIndex((other) => other.key === key);
  const sameName = apiKeys.findIndex((other) => other.name === name);
  const isKey = apiKeys.some((other) => other.key === name);
  return [
    ...(isSendable(key)
      ? []
      : [
          [
            '',
            'cannot be sent as a bearer token; use letters, digits and signs of ASCII, no spaces',
          ] as const,
        ]),
    ...(sameKey < index
      ? [['', `is the same as key ${sameKey + 1} of the list; take one of the two out`] as const]
      : []),
    ...(sameName < index
      ? [['', `has the name of key ${sameName + 1} of the list; give each key a name of its own`] as const]
      : []),
    ...(isKey
      ? [['.name', 'is one of the keys and would stand in the access log; give it another name'] as const]
      : []),
  ];
}
