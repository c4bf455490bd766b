import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { Client } from '@modelcontextprotocol/client';
import { serverSubject } from '../../../../middleware/features/trust/subjects.ts';
import { TrustStore } from '../../../../middleware/features/trust/trust-store.ts';
import type { JsonObject } from '../../../../middleware/kernel/json-object.ts';
import { collectedLog } from '../../../support/collected-log.ts';
import { gatewayPlace, type Era, type GatewayPlace } from '../../../support/mcp/gateway-place.ts';
import { fixture } from '../../../support/mcp/pool-place.ts';
import { until } from '../../../support/until.ts';

let place: GatewayPlace;
afterEach(() => place.close());

/** A project with a server of its own that is allowed, and a client there that hears of its tools. */
async function hearing(era: Era): Promise<{ client: Client; told: () => number; trust: TrustStore }> {
  place = await gatewayPlace({ mine: fixture() });
  const workspace = join(place.home, 'shop');
  mkdirSync(workspace);
  writeFileSync(join(workspace, '.mcp.json'), JSON.stringify({ mcpServers: { theirs: fixture() } }));
  const stateDir = join(place.home, 'state');
  const trust = new TrustStore({ stateDir, log: collectedLog().log, now: () => new Date() });
  await trust.allow(subject(), decision);
  let told = 0;
  const onChanged = (): void => {
    told += 1;
  };
  const client = await place.client(era, {
    query: `?project=${encodeURIComponent(workspace)}`,
    // Nothing but the change of what is offered tells of prompts: the servers have none.
    options: { listChanged: { prompts: { autoRefresh: false, debounceMs: 0, onChanged } } },
  });
  return { client, told: () => told, trust };
}

const decision = { scope: 'always', by: 'cli', provenance: 'a test' } as const;
const subject = (): ReturnType<typeof serverSubject> =>
  serverSubject(join(place.home, 'shop'), 'theirs', fixture());

const names = async (client: Client): Promise<string> =>
  (await client.listTools()).tools.map(({ name }) => name).join(' ');

const settings = (value: JsonObject) => (): void => {
  writeFileSync(join(place.home, '.claude', 'settings.json'), JSON.stringify(value));
};

const ways: readonly [string, (trust: TrustStore) => unknown, RegExp][] = [
  ['a rule about a server', settings({ permissions: { deny: ['mcp__mine'] } }), /mine__/],
  ['a rule about a tool', settings({ permissions: { deny: ['mcp__mine__echo'] } }), /mine__echo/],
  ['a setting', settings({ disabledMcpjsonServers: ['theirs'] }), /theirs__/],
  ['its user', (trust) => trust.deny(subject(), decision), /theirs__/],
];

test.each(
  (['legacy', 'modern'] as const).flatMap((era) =>
    ways.map(([by, change, gone]) => ({ era, by, change, gone })),
  ),
)('what is switched off by $by is told to a $era client as a change of lists [MCP-2]', async (way) => {
  const { client, told, trust } = await hearing(way.era);
  for (let at = 0; at < 3; at += 1) expect(await names(client)).toMatch(way.gone);
  expect(told()).toBe(0);
  await way.change(trust);
  await until(async () => !way.gone.test(await names(client)));
  await until(() => told() > 0);
});
