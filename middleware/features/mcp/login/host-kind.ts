import { BlockList, isIP, isIPv6 } from 'node:net';

/** Where an address leads: to everybody's network, to one's own, to this machine, or to what is only beside it. */
export type HostKind = 'public' | 'private' | 'loopback' | 'link-local';

/** All addresses of a host name; rejects where there are none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

const ranges: Readonly<Record<Exclude<HostKind, 'public'>, BlockList>> = {
  // The metadata of clouds is here.
  'link-local': listOf('169.254.0.0/16', 'fe80::/10', 'fd00:ec2::254/128'),
  loopback: listOf('127.0.0.0/8', '0.0.0.0/8', '::1/128', '::/128'),
  private: listOf(
    ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '198.18.0.0/15'],
    ...['192.0.0.0/24', 'fc00::/7', 'fec0::/10'],
  ),
};

/** The kinds of the addresses that a host of a URL has; none where nobody here knows it, as behind a proxy. */
export async function hostKinds(hostname: string, resolve: Resolve): Promise<ReadonlySet<HostKind>> {
  const host = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return new Set(['loopback']);
  return kindsOf(isIP(host) === 0 ? await resolve(host).catch(() => []) : [host]);
}

export function kindsOf(addresses: readonly string[]): ReadonlySet<HostKind> {
  return new Set(addresses.map(kindOf));
}

function kindOf(address: string): HostKind {
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const kinds = ['link-local', 'loopback', 'private'] as const;
  // An IPv4 address that is written as one of IPv6 is found, too.
  return kinds.find((kind) => ranges[kind].check(address, family)) ?? 'public';
}

function listOf(...subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = '', bits] = subnet.split('/');
    list.addSubnet(network, Number(bits), isIPv6(network) ? 'ipv6' : 'ipv4');
  }
  return list;
}
