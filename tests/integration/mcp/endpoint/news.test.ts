import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Client } from '@modelcontextprotocol/client';
import { join } from 'node:path';
import { serverSubject } from '../../../../middleware/features/trust/subjects.ts';
import { TrustStore } from '../../../../middleware/features/trust/trust-store.ts';
import type { JsonObject } from '../../../../middleware/kernel/json-object.ts';
import { collectedLog } from '../../../support/collected-log.ts';
import { gatewayPlace, type Era, type GatewayPlace } from '../../../support/mcp/gateway-place.ts';
import { isRunning } from '../../../support/is-running.ts';
import { until } from '../../../support/until.ts';

let place: GatewayPlace;
afterEach(() => place.close());

const conformance: JsonObject = {
  command: process.execPath,
  args: [join(import.meta.dirname, '../../../support/mcp/conformance-server.ts'), 'old'],
};
const eras = ['legacy', 'modern'] as const;

/** A client, and what it hears of resources and of the list of prompts. */
async function hearing(era: Era, query = ''): Promise<{ client: Client; told: string[] }> {
  const told: string[] = [];
  const client = await place.client(era, {
    query,
    options: {
      listChanged: {
        prompts: {
          ...{ autoRefresh: false, debounceMs: 0 },
          onChanged: () => {
            told.push('prompts');
          },
        },
      },
    },
    prepare: (one) => {
      one.setNotificationHandler('notifications/resources/updated', ({ params: { uri } }) => {
        told.push(uri);
      });
    },
  });
  return { client, told };
}

async function watch(client: Client, era: Era, uris: readonly string[]): Promise<void> {
  if (era === 'modern') await client.listen({ resourceSubscriptions: [...uris] });
  else for (const uri of uris) await client.subscribeResource({ uri });
}

const trigger = (client: Client, server: string, what: string): Promise<unknown> =>
  client.callTool({ name: `${server}__test_trigger_${what}_change`, arguments: {} });

test.each(eras)(
  'a %s client hears of a resource only what its own server tells of it, where another has one of that address [MCP-2] [MCP-3]',
  async (era) => {
    place = await gatewayPlace({ one: conformance, two: conformance });
    const { client, told } = await hearing(era);
    await watch(client, era, ['test://watched-resource', 'codex-plus:two:test://watched-resource']);
    await trigger(client, 'two', 'resource');
    await trigger(client, 'one', 'resource');
    await until(() => Promise.resolve(told.includes('test://watched-resource')));
    expect(told).toEqual(['codex-plus:two:test://watched-resource', 'test://watched-resource']);
  },
);

/** A server that tells all the time of its resource, and that of the project of its prompts. */
const ticking = (name: string, starts: string): JsonObject => ({
  command: process.execPath,
  args: [join(import.meta.dirname, '../../../support/mcp/ticking-server.ts'), name, starts],
});

test.each(eras)('a server that a %s client watches ends once it was removed [MCP-1] [MCP-2]', async (era) => {
  place = await gatewayPlace({});
  const pidFile = join(place.home, 'pid');
  const file = join(import.meta.dirname, '../../../support/mcp/ticking-server.ts');
  const line = `echo $$ >> ${pidFile}; exec ${process.execPath} ${file} mine`;
  const write = (mcpServers: JsonObject): void => {
    writeFileSync(join(place.home, '.claude.json'), JSON.stringify({ mcpServers }));
  };
  write({ mine: { command: '/bin/sh', args: ['-c', line] } });
  const { client, told } = await hearing(era);
  await watch(client, era, ['tick://mine']);
  await until(() => told.includes('tick://mine'));
  write({});
  const other = await place.client(era);
  const pids = (): readonly number[] => readFileSync(pidFile, 'utf8').trim().split('\n').map(Number);
  await until(async () => {
    await other.listResources();
    return !pids().some(isRunning);
  });
  expect(pids()).toHaveLength(1);
});

/** A server of the user, and another one that a project brings along. */
async function withProject(): Promise<{
  query: string;
  starts: () => string;
  decide: (how: 'allow' | 'deny') => Promise<void>;
}> {
  place = await gatewayPlace({});
  const starts = join(place.home, 'starts');
  const workspace = join(place.home, 'shop');
  const entry = ticking('theirs', starts);
  mkdirSync(workspace);
  writeFileSync(
    join(place.home, '.claude.json'),
    JSON.stringify({ mcpServers: { mine: ticking('mine', starts) } }),
  );
  writeFileSync(join(workspace, '.mcp.json'), JSON.stringify({ mcpServers: { theirs: entry } }));
  const trust = new TrustStore({
    stateDir: join(place.home, 'state'),
    log: collectedLog().log,
    now: () => new Date(),
  });
  const subject = serverSubject(workspace, 'theirs', entry);
  return {
    query: `?project=${encodeURIComponent(workspace)}`,
    starts: () => (existsSync(starts) ? readFileSync(starts, 'utf8') : ''),
    decide: (how) => trust[how](subject, { scope: 'always', by: 'cli', provenance: 'a test' }),
  };
}

/** Hears the user's server so often, and with that what came from the other one meanwhile. */
async function heardWithin(told: string[], ticks: number): Promise<readonly string[]> {
  const from = told.length;
  await until(() =>
    Promise.resolve(told.slice(from).filter((what) => what === 'tick://mine').length >= ticks),
  );
  return told.slice(from).filter((what) => what !== 'tick://mine');
}

describe('a server of a project', () => {
  test.each(eras)(
    'that nobody allowed is not started for a %s client that listens [MCP-2] [SEC-1]',
    async (era) => {
      const { query, starts } = await withProject();
      const { client, told } = await hearing(era, query);
      await watch(client, era, ['tick://mine']);
      await watch(client, era, ['codex-plus:theirs:tick://theirs']).catch(() => undefined);
      expect(await heardWithin(told, 2)).toEqual([]);
      expect(starts()).toBe('mine\n');
    },
  );

  test.each(eras)(
    'tells a %s client nothing any more once it is not allowed [MCP-2] [SEC-1]',
    async (era) => {
      const { query, decide } = await withProject();
      await decide('allow');
      const { client, told } = await hearing(era, query);
      await watch(client, era, ['tick://mine', 'tick://theirs']);
      await until(() => Promise.resolve(told.includes('tick://theirs') && told.includes('prompts')));
      await decide('deny');
      // What was on its way.
      await heardWithin(told, 1);
      expect(await heardWithin(told, 3)).toEqual([]);
      await decide('allow');
      await until(async () => (await heardWithin(told, 1)).includes('tick://theirs'));
    },
  );
});
