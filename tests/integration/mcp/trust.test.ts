import { afterEach, describe, expect, test } from '@jest/globals';
import type { TrustStore } from '../../../middleware/features/trust/trust-store.ts';
import type { TrustSubject } from '../../../middleware/features/trust/trust-record.ts';
import { fixture, poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';
import { until } from '../../support/until.ts';
import { truncated } from '../../support/mcp/truncated.ts';

let place: PoolPlace;
afterEach(() => place.close());

describe('a server that a project brings along', () => {
  test('is not started before somebody allowed it, and what it is then is asked each time [MCP-1]', async () => {
    const asked: TrustSubject[] = [];
    let decision: Awaited<ReturnType<TrustStore['decisionOn']>>;
    place = poolPlace({
      decisionOn: (subject, conversation) => {
        expect(conversation).toBe('c');
        asked.push(subject);
        return Promise.resolve(decision);
      },
    });
    const project = place.project({ one: fixture() }, { scope: 'project' });
    await expect(place.call(project, 'pid')).rejects.toThrow(
      `MCP server "one" of ${place.folder}/.mcp.json was not allowed yet: \`codex-plus trust add\` does`,
    );
    expect(place.starts()).toEqual([]);
    decision = 'allowed';
    await place.call(project, 'pid');
    const changed = place.project({ one: fixture('good', { env: { A: 'b' } }) }, { scope: 'project' });
    await place.call(changed, 'pid');
    expect(new Set(asked.map(({ hash }) => hash)).size).toBe(2);
    decision = 'denied';
    await expect(place.call(project, 'pid')).rejects.toThrow('is switched off');
  });

  test('tells what changes only where it may be used, whoever has it running [MCP-2] [SEC-1]', async () => {
    place = poolPlace({
      decisionOn: (_, conversation) => Promise.resolve(conversation === 'c' ? 'allowed' : undefined),
    });
    const project = place.project({ one: fixture('old') }, { scope: 'project' });
    const told: string[] = [];
    const stops = ['other', 'c'].map((conversation) =>
      place.servers.listen('one', { project, conversation, abilities: {} }, ({ kind }) => {
        told.push(`${conversation} ${kind}`);
      }),
    );
    await place.call(project, 'grow');
    await until(() => Promise.resolve(told.length > 0));
    for (const stop of stops) stop();
    expect(told).toEqual(['c changed']);
  });

  test('may be switched on and off by the settings of its user [MCP-1]', async () => {
    place = poolPlace();
    const entries = { one: fixture() };
    const on = place.project(entries, { scope: 'project', settings: { enabledMcpjsonServers: ['one'] } });
    await place.call(on, 'pid');
    const off = place.project(entries, { scope: 'project', settings: { disabledMcpjsonServers: ['one'] } });
    await expect(place.call(off, 'pid')).rejects.toThrow('is switched off');
  });
});

test.each(['user', 'local', 'enterprise'] as const)(
  'a server of the scope %s needs nobody’s word [MCP-1]',
  async (scope) => {
    place = poolPlace();
    await place.call(place.project({ one: fixture() }, { scope }), 'pid');
    expect(place.starts()).toHaveLength(1);
  },
);

test('a server that is not there, and an entry that cannot be used, are told with what to do [MCP-1]', async () => {
  place = poolPlace();
  const project = place.project({ one: { type: 'http' } });
  await expect(place.call(project, 'pid')).rejects.toThrow(
    `MCP server "one" of ${place.folder}/.mcp.json cannot be used: \`url\` is no URL`,
  );
  await expect(place.call(project, 'pid', {}, { server: 'two' })).rejects.toThrow(
    `no MCP server "two" is configured for ${place.folder}: \`/mcp list\` shows those that are`,
  );
  expect(place.outcomes).toEqual(['unusable', 'unusable']);
});

test('what a tool says is wrong is a result, and one that is not there is asked for at no server [MCP-5]', async () => {
  place = poolPlace();
  const project = place.project({ one: fixture() });
  expect(await place.call(project, 'fail')).toBe('it is not so');
  await expect(place.call(project, 'no-such-tool')).rejects.toThrow(
    'There is no tool "no-such-tool" of MCP server "one"',
  );
  expect(place.outcomes).toEqual(['tool_error', 'refused']);
  expect(place.servers.stateOf('one', project)?.lastError).toBeUndefined();
});

test('a long result is cut at the limit of the settings [MCP-5]', async () => {
  place = poolPlace();
  const project = place.project({ one: fixture() }, { settings: { env: { MAX_MCP_OUTPUT_TOKENS: '10' } } });
  expect(await place.call(project, 'long', { length: 41 })).toBe(`${'x'.repeat(40)}\n${truncated(10)}`);
});
