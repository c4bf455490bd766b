import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { gatewayNames, splitName } from '../../../middleware/features/mcp/gateway/gateway-names.ts';

const offered = (servers: Readonly<Record<string, readonly string[]>>) =>
  Object.entries(servers).map(([server, names]) => ({ server, items: names.map((name) => ({ name })) }));

const reserved: ReadonlySet<string> = new Set(['status']);

function namesOf(
  servers: Readonly<Record<string, readonly string[]>>,
  prefix: 'always' | 'conflict' | 'never',
) {
  return gatewayNames(offered(servers), { prefix, reserved, staying: new Map() }).map(({ name }) => name);
}

describe('names of what several servers offer', () => {
  const servers = { a: ['search', 'read', 'status'], b: ['search'] };

  test.each([
    ['always', ['a__search', 'a__read', 'a__status', 'b__search']],
    ['conflict', ['a__search', 'read', 'a__status', 'b__search']],
    ['never', ['search', 'read']],
  ] as const)('with %s are %j [MCP-2]', (prefix, names) => {
    expect(namesOf(servers, prefix)).toEqual(names);
  });

  test.each([
    ['always', ['a__search', 'a__read', 'a__status', 'b__search']],
    ['conflict', ['a__search', 'read', 'a__status', 'search']],
    ['never', ['read', 'search']],
  ] as const)('with %s are %j where one was told before [MCP-2] [SEC-1]', (prefix, names) => {
    const staying = new Map([['search', { server: 'b', name: 'search' }]]);
    const named = gatewayNames(offered(servers), { prefix, reserved, staying });
    expect(named.map(({ name }) => name)).toEqual(names);
  });

  test('are unique, no longer than the protocol allows, and with `always` those of one server alone [MCP-2]', () => {
    const name = fc.string({
      unit: fc.constantFrom('a', 'b', '_', '-', '.', ' '),
      minLength: 1,
      maxLength: 6,
    });
    const long = fc.oneof(
      name,
      fc.string({ unit: fc.constantFrom('x', 'y'), minLength: 120, maxLength: 130 }),
    );
    const lists = fc.dictionary(name, fc.uniqueArray(long, { maxLength: 5 }), {
      maxKeys: 5,
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(lists, (made) => {
        const all = gatewayNames(offered(made), { prefix: 'always', reserved, staying: new Map() });
        expect(new Set(all.map((one) => one.name)).size).toBe(all.length);
        for (const { name: wire, server, item } of all) {
          expect(wire.length).toBeLessThanOrEqual(128);
          expect(namesOf({ [server]: made[server] ?? [] }, 'always')).toContain(wire);
          if (wire.length < 128)
            expect(splitName(wire, Object.keys(made))).toEqual({ server, name: item.name });
        }
      }),
    );
  });
});
