import { expect, test } from '@jest/globals';
import { StreamPace } from '../../../middleware/features/mcp/transport/remote/stream-pace.ts';

/** The pauses before a stream that was there for so long each time. */
function pausesOf(stays: readonly number[]): readonly number[] {
  const pace = new StreamPace();
  let now = 10;
  return [...stays, 0].map((stayMs) => {
    const pauseMs = pace.pauseMs(now);
    now += pauseMs;
    pace.asked(now);
    now += stayMs;
    return pauseMs;
  });
}

test('a stream is asked for again at once where it stayed, and later each time where it did not [MCP-5]', () => {
  expect(pausesOf([0, 0, 0, 5_000, 0, 400, 7_000])).toEqual([0, 1_000, 2_000, 4_000, 0, 1_000, 1_600, 0]);
  expect(pausesOf(Array(9).fill(0)).at(-1)).toBe(60_000);
});

test('a stream that brought something is asked for after the shortest pause [MCP-5]', () => {
  const pace = new StreamPace();
  for (let times = 0; times < 4; times += 1) {
    pace.pauseMs(0);
    pace.asked(0);
  }
  expect([pace.quick, pace.pauseMs(0)]).toEqual([3, 8_000]);
  pace.brought();
  expect([pace.quick, pace.pauseMs(0)]).toEqual([0, 1_000]);
});
