import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Counter, Histogram, Registry } from 'prom-client';
import { createDurations } from '../../../middleware/platform/telemetry/durations.ts';
import { createTotals } from '../../../middleware/platform/telemetry/totals.ts';
import { holds } from '../../support/fuzz.ts';

const labelNames = ['route', 'api', 'model'] as const;
const value = fc.constantFrom('litellm', 'chat', 'none', '', 'a"b', 'a,api:b', '__proto__');
const figure = fc.oneof(
  fc.double({ min: 0, max: 1_000_000, noNaN: true }),
  fc.constantFrom(0, 1, 2.5, 5, 600_000, 600_001),
  fc.constantFrom(NaN, Infinity, -1),
);

/** Whether it was taken. */
function isTaken(count: () => void): boolean {
  try {
    count();
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    return false;
  }
}

test('totals are those of a counter of prom-client, whenever somebody looks [OBS-1]', () =>
  holds(
    [fc.array(fc.tuple(fc.tuple(value, value, value), figure, fc.nat(9)), { maxLength: 20 })],
    async (counted) => {
      const [ours, theirs] = [new Registry(), new Registry()];
      const add = createTotals(ours, { name: 'made_up_total', help: 'Made up', labelNames });
      const counter = new Counter({
        ...{ name: 'made_up_total', help: 'Made up', labelNames, registers: [theirs] },
      });
      for (const [[route, api, model], by, dice] of counted) {
        expect(
          isTaken(() => {
            add([route, api, model], by);
          }),
        ).toBe(
          isTaken(() => {
            if (Number.isFinite(by)) counter.inc({ route, api, model }, by);
            else throw new Error('not finite');
          }),
        );
        if (dice === 0) expect(await ours.metrics()).toBe(await theirs.metrics());
      }
      expect(await ours.metrics()).toBe(await theirs.metrics());
      expect(JSON.stringify(await ours.getMetricsAsJSON())).toBe(
        JSON.stringify(await theirs.getMetricsAsJSON()),
      );
    },
  ));

test('durations are those of a histogram of prom-client, whenever somebody looks [OBS-1]', () =>
  holds([fc.array(fc.tuple(value, figure, fc.nat(9)), { maxLength: 20 })], async (counted) => {
    const [ours, theirs] = [new Registry(), new Registry()];
    const durations = createDurations(ours, { name: 'made_up_seconds', help: 'Made up', label: 'route' });
    const histogram = new Histogram({
      ...{ name: 'made_up_seconds', help: 'Made up', labelNames: ['route'], registers: [theirs] },
      buckets: [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600,
      ],
    });
    for (const [route, ms, dice] of counted) {
      expect(
        isTaken(() => {
          durations.add(route, ms);
        }),
      ).toBe(
        isTaken(() => {
          histogram.observe({ route }, ms / 1000);
        }),
      );
      if (dice === 0) expect(await ours.metrics()).toBe(await theirs.metrics());
    }
    expect(await ours.metrics()).toBe(await theirs.metrics());
    const { values } = await histogram.get();
    expect(durations.samples()).toEqual(
      values.map(({ metricName, labels, value: counts }) => ({ metricName, labels, value: counts })),
    );
  }));
