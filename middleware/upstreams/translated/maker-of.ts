import { createHash } from 'node:crypto';
import { knownBaseUrls } from '../../platform/config/known-providers.ts';

const digestLength = 16;

/** What an API's paths begin with below an address, and they themselves: some configurations have one, some the other. */
const pathsOfApis = /(?:\/v1)?(?:\/(?:chat\/completions|completions|responses|messages))?\/*$/;

const knownMakers: ReadonlyMap<string, string> = new Map(
  knownBaseUrls.map(([name, baseUrl]) => [placeOf(baseUrl), name]),
);

/**
 * Who makes the answers that come from an address, as originals name it: the name of a provider whose own address it is, else a
 * digest of the address and of what the provider there is called, for a gateway has several. Clients keep it in their
 * conversations, and are told no address by it.
 */
export function makerAt(address: string, provider: string): string {
  const place = placeOf(address);
  return knownMakers.get(place) ?? digestOf(`${provider} ${place}`);
}

/** Several that answer by one name, each of which takes what any of them made. The order does not count. */
export function makerOfAll(makers: readonly string[]): string | undefined {
  const [first, ...others] = [...new Set(makers)].sort();
  return first === undefined || others.length === 0 ? first : digestOf([first, ...others].join(' '));
}

function digestOf(text: string): string {
  return `at-${createHash('sha256').update(text).digest('hex').slice(0, digestLength)}`;
}

/** An address without what may change about it: credentials, a query, the paths of an API. */
function placeOf(address: string): string {
  if (!URL.canParse(address)) return address;
  const { protocol, host, pathname } = new URL(address);
  return `${protocol}//${host}${pathname.replace(pathsOfApis, '')}`;
}
