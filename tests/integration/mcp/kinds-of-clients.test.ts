import { afterEach, describe, expect, test } from '@jest/globals';
import type { Abilities } from '../../../middleware/features/mcp/client/abilities.ts';
import type { ProjectSnapshot } from '../../../middleware/platform/config/scopes/project-snapshot.ts';
import { isRunning } from '../../support/is-running.ts';
import { fixture, poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';
import { until } from '../../support/until.ts';

let place: PoolPlace;
afterEach(() => place.close());

const kinds: readonly Abilities[] = [
  { elicitation: { form: {} } },
  { roots: {} },
  { elicitation: { form: {}, url: {} }, roots: {} },
];

/** The same tool of the same server, for a client that can be asked so much. */
async function callFor(abilities: Abilities, project: ProjectSnapshot, tool = 'pid'): Promise<unknown> {
  const { signal } = new AbortController();
  const use = { server: 'one', what: `tool "${tool}"`, signal, abilities };
  return await place.servers.use(
    { ...use, work: (connection, until) => connection.call(tool, {}, until) },
    { project, conversation: 'c' },
  );
}

const running = (): number => place.starts().filter(isRunning).length;

describe('an older server that clients of several kinds use', () => {
  test.each(['end-at-discover', 'old'])(
    'is asked once which protocol it speaks (%s) [MCP-1]',
    async (behaviour) => {
      place = poolPlace();
      const project = place.project({ one: fixture(behaviour) });
      for (const abilities of kinds) await callFor(abilities, project);
      // One that ends at the question is started once more for it, and one connection tells what came of it.
      const asking = behaviour === 'old' ? 1 : 2;
      expect(place.starts()).toHaveLength(asking + kinds.length);
    },
  );

  test('has no process that was started for that question alone [MCP-1]', async () => {
    place = poolPlace();
    const project = place.project({ one: fixture('old') });
    const [kind = {}] = kinds;
    await Promise.all([callFor(kind, project), callFor(kind, project)]);
    await until(() => running() === 1);
    await callFor(kind, project);
    expect(place.starts()).toHaveLength(2);
    // It goes on for those who use it as it is.
    await place.call(project, 'pid');
    await callFor(kinds[1] ?? {}, project);
    expect(running()).toBe(3);
    expect(place.servers.stateOf('one', project)?.state).toBe('running');
  });
});

test('a newer server has one process for clients of all kinds [MCP-1]', async () => {
  place = poolPlace();
  const project = place.project({ one: fixture() });
  for (const abilities of kinds) await callFor(abilities, project);
  expect(place.starts()).toHaveLength(1);
  expect(running()).toBe(1);
});

test('a server is left alone after some failures in a row, whichever clients met them [MCP-5]', async () => {
  place = poolPlace({ limits: { failures: 3 } });
  const project = place.project({ one: fixture('old') });
  await place.call(project, 'pid');
  for (const abilities of kinds)
    await expect(callFor(abilities, project, 'crash')).rejects.toThrow('exit code 3');
  const starts = place.starts().length;
  for (const abilities of [{}, ...kinds])
    await expect(callFor(abilities, project)).rejects.toThrow('left alone');
  expect(place.starts()).toHaveLength(starts);
  expect(place.pool.figures()).toMatchObject({
    states: { resting: 1 },
    servers: [{ name: 'one', breaker: 'open', failures: 3 }],
  });
});
