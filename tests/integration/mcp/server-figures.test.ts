import { afterEach, expect, test } from '@jest/globals';
import { fixture, poolPlace, type PoolPlace } from '../../support/mcp/pool-place.ts';
import { until } from '../../support/until.ts';

let place: PoolPlace;
afterEach(() => place.close());

test('a server that starts is counted as one that does, from the beginning [MCP-5] [OBS-1]', async () => {
  place = poolPlace();
  const project = place.project({ one: fixture('hang-at-start') });
  const leaving = new AbortController();
  const call = place.call(project, 'echo', {}, { signal: leaving.signal });
  await until(() => place.counts['starting'] === 1);
  expect(place.counts).toEqual({ idle: 0, starting: 1, running: 0, resting: 0 });
  leaving.abort(new Error('the client left'));
  await expect(call).rejects.toThrow('the client left');
});

test('a breaker is open for as long as a server is left alone, and half open from then on, though nobody asks [MCP-5] [OBS-1]', async () => {
  let ms = 0;
  place = poolPlace({ now: () => ms, limits: { failures: 2, coolDownMs: 1_000 } });
  const project = place.project({ one: fixture('end-at-start'), two: fixture() });
  await place.call(project, 'echo', {}, { server: 'two' });
  for (let at = 0; at < 2; at += 1) await expect(place.call(project, 'echo')).rejects.toThrow();
  const good = { name: 'two', breaker: 'closed', failures: 0 };
  expect(place.pool.figures().servers).toEqual([good, { name: 'one', breaker: 'open', failures: 2 }]);
  expect(place.counts).toEqual({ idle: 0, starting: 0, running: 1, resting: 1 });
  ms += 1_000;
  expect(place.pool.figures().servers).toEqual([good, { name: 'one', breaker: 'half-open', failures: 2 }]);
  expect(place.counts).toEqual({ idle: 1, starting: 0, running: 1, resting: 0 });
});
