import { describe, expect, test } from '@jest/globals';
import { hostKinds, kindsOf } from '../../../middleware/platform/network/host-kind.ts';

/** Each kind with addresses of IPv4 that are of it. */
const kinds = {
  public: [
    '8.8.8.8',
    '1.1.1.1',
    '172.32.0.1',
    '100.128.0.1',
    '223.255.255.255',
    '192.0.1.1',
    '168.63.129.17',
  ],
  private: [
    ...['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '198.19.0.1', '192.0.0.1'],
    ...['192.0.2.1', '198.51.100.1', '203.0.113.1', '192.88.99.1', '240.0.0.1', '255.255.255.254'],
  ],
  loopback: ['127.0.0.1', '127.255.255.254', '0.0.0.1'],
  'link-local': [
    ...['169.254.169.254', '168.63.129.16', '100.100.100.200', '192.0.0.192'],
    ...['224.0.0.1', '239.255.255.255', '255.255.255.255'],
  ],
} as const;
const each = Object.entries(kinds).flatMap(([kind, list]) => list.map((address) => ({ kind, address })));

function hexOf(address: string, mask = 0): string {
  const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map((byte) => Number(byte) ^ mask);
  return [(a << 8) | b, (c << 8) | d].map((group) => group.toString(16)).join(':');
}

test.each(each)('$address leads to what is $kind [MCP-4] [SEC-1]', ({ address, kind }) => {
  expect([...kindsOf([address])]).toEqual([kind]);
});

describe.each([
  ['mapped', (address: string) => `::ffff:${address}`],
  ['mapped and in hex', (address: string) => `::ffff:${hexOf(address)}`],
  ['translated', (address: string) => `::ffff:0:${address}`],
  ['compatible', (address: string) => `::${hexOf(address)}`],
  ['behind NAT64', (address: string) => `64:ff9b::${address}`],
  ['behind the NAT64 of a network', (address: string) => `64:ff9b:1::${hexOf(address)}`],
  ['a network of 6to4', (address: string) => `2002:${hexOf(address)}::1`],
  ['a client of Teredo', (address: string) => `2001:0:808:808:8000:63bf:${hexOf(address, 0xff)}`],
  ['a server of Teredo', (address: string) => `2001:0:${hexOf(address)}:8000:63bf:f7f7:f7f7`],
])('an address of IPv4 that is %s', (what, write) => {
  test.each(each)('is what $address is: $kind [MCP-4] [SEC-1]', async ({ address, kind }) => {
    // Of the two that an address of Teredo has, the other one is public here.
    const others = what.includes('Teredo') ? ['public'] : [];
    const found = kindsOf([write(address)]);
    expect(found).toEqual(new Set([kind, ...others]));
    expect(await hostKinds(`[${write(address)}]`, () => Promise.reject(new Error('asked')))).toEqual(found);
  });
});

test.each([
  ['2606:4700::1111', 'public'],
  ['2003::1', 'public'],
  ['2001:1::1', 'public'],
  ['64:ff9c::7f00:1', 'public'],
  ['::1', 'loopback'],
  ['::', 'loopback'],
  ['0:0:0:0:0:0:0:1', 'loopback'],
  ['fe80::1', 'link-local'],
  ['fe80::1%lo', 'link-local'],
  ['fd00:ec2::254', 'link-local'],
  ['fd20:ce::254', 'link-local'],
  ['ff02::1', 'link-local'],
  ['ff0e::1', 'link-local'],
  ['fd12::1', 'private'],
  ['fec0::1', 'private'],
  ['64:ff9b:1:808:8:800::', 'private'],
  ['2001:db8::1', 'private'],
  ['3fff::1', 'private'],
  ['100::1', 'private'],
  ['2001:20::1', 'private'],
  ['5f00::1', 'private'],
])('%s leads to what is %s [MCP-4] [SEC-1]', (address, kind) => {
  expect([...kindsOf([address])]).toEqual([kind]);
});
