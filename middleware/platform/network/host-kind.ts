import { lookup } from 'node:dns/promises';
import { BlockList, isIP, isIPv6 } from 'node:net';
import { embeddedIn } from './embedded-address.ts';

/** Where an address leads: to everybody's network, to one's own, to this machine, or to what is only beside it. */
export type HostKind = 'public' | 'private' | 'loopback' | 'link-local';

/** All addresses of a host name; rejects where there are none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

export const resolveHost: Resolve = async (name) =>
  (await lookup(name, { all: true })).map(({ address }) => address);

/** Each kind as the end of a sentence about an address. */
export const kindTexts: Readonly<Record<Exclude<HostKind, 'public'>, string>> = {
  'link-local': 'an address that only this machine has a way to',
  loopback: 'which is this machine',
  private: 'which is in a private network',
};

const ranges: Readonly<Record<Exclude<HostKind, 'public'>, BlockList>> = {
  'link-local': listOf(
    ...['169.254.0.0/16', 'fe80::/10'],
    // The metadata of clouds, where it is elsewhere.
    ...['168.63.129.16/32', '100.100.100.200/32', '192.0.0.192/32', 'fd00:ec2::254/128', 'fd20:ce::254/128'],
    // Of no single machine.
    ...['224.0.0.0/4', 'ff00::/8', '255.255.255.255/32'],
  ),
  loopback: listOf('127.0.0.0/8', '0.0.0.0/8', '::1/128', '::/128'),
  private: listOf(
    ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15'],
    ...['192.0.0.0/24', 'fc00::/7', 'fec0::/10', '64:ff9b:1::/48', '5f00::/16'],
    // The public network has no way to what is reserved or for documentation: where they lead somewhere, it is inside.
    ...['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '192.88.99.0/24', '240.0.0.0/4'],
    ...['100::/64', '2001:2::/48', '2001:10::/28', '2001:20::/28', '2001:db8::/32', '3fff::/20'],
  ),
};

/** The kinds of the addresses that a host of a URL has; none where nobody here knows it, as behind a proxy. */
export async function hostKinds(hostname: string, resolve: Resolve): Promise<ReadonlySet<HostKind>> {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return new Set(['loopback']);
  return kindsOf(isIP(host) === 0 ? await resolve(host).catch(() => []) : [host]);
}

export function kindsOf(addresses: readonly string[]): ReadonlySet<HostKind> {
  return new Set(addresses.flatMap((address) => [...kindsOfOne(address)]));
}

/** Of an address that stands for others, theirs. */
function kindsOfOne(address: string): ReadonlySet<HostKind> {
  const embedded = isIPv6(address) ? embeddedIn(address) : [];
  const kind = kindOf(address);
  if (embedded.length === 0 || kind === 'loopback') return new Set([kind]);
  return new Set(embedded.map(kindOf));
}

function kindOf(address: string): HostKind {
  const [plain = '', family] = [address.split('%', 1)[0], isIPv6(address) ? 'ipv6' : 'ipv4'] as const;
  const kinds = ['link-local', 'loopback', 'private'] as const;
  return kinds.find((kind) => ranges[kind].check(plain, family)) ?? 'public';
}

function listOf(...subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = '', bits] = subnet.split('/');
    list.addSubnet(network, Number(bits), isIPv6(network) ? 'ipv6' : 'ipv4');
  }
  return list;
}
