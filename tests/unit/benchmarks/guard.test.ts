import { expect, test } from '@jest/globals';
import { judge } from '../../../benchmarks/guard.ts';
import type { WatchedSlice } from '../../../benchmarks/slice.ts';

/** A round in which each of a thousand requests took so many microseconds of the processor. */
function round(cpuUs: number | undefined, requests = 1_000): WatchedSlice {
  return {
    ...{ firstUs: [], delayUs: [], requests, failures: [], seconds: 1, memory: undefined },
    cpuSeconds: cpuUs === undefined ? undefined : (cpuUs * requests) / 1e6,
    ...{ fromUs: 0, untilUs: 1 },
  };
}

function judged(own: readonly WatchedSlice[], pipe: readonly WatchedSlice[]): ReturnType<typeof judge> {
  return judge(
    new Map([
      ['codex-plus', own],
      ['bare pipe', pipe],
    ]),
  );
}

test('the guard takes the cheapest round of each: one beside other work says nothing', () => {
  const { isDearer, text } = judged([round(2_000), round(300)], [round(100), round(900)]);
  expect([isDearer, text.includes('3.00 times')]).toEqual([false, true]);
});

test('the guard fails where the cheapest is clearly dearer, and says what to do', () => {
  const { isDearer, text } = judged([round(700), round(650)], [round(100), round(120)]);
  expect([isDearer, text.includes('6.50 times'), text.includes('--profile')]).toEqual([true, true, true]);
});

test('the guard fails nobody where the machine does not tell, or nothing was played', () => {
  expect(judged([round(undefined)], [round(undefined)]).isDearer).toBe(false);
  expect(judged([round(9_000, 0)], [round(100)]).isDearer).toBe(false);
  expect(judged([], []).isDearer).toBe(false);
});
