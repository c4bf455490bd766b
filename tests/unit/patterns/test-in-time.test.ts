import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { testInTime } from '../../../middleware/platform/patterns/test-in-time.ts';

const slow = /^(?:a+)+$/;
const text = `${'a'.repeat(60)}!`;

/** Takes longer than a first try may, as a test does on a machine that does something else. */
function waits(): void {
  const until = performance.now() + 50;
  while (performance.now() < until);
}

test('a pattern that is slow once is tried again, and is not taken for a slow one', () => {
  const file = randomUUID();
  let tries = 0;
  const once = (): boolean => {
    tries += 1;
    if (tries === 1) waits();
    return true;
  };
  expect(testInTime({ file, pattern: 'a' }, once)).toBe(true);
  expect(tries).toBe(2);
  expect(testInTime({ file, pattern: 'a' }, () => true)).toBe(true);
});

test('a slow pattern is not tried again for a minute, and then it is', () => {
  const file = randomUUID();
  const now = 1_000_000;
  expect(testInTime({ file, pattern: 'a' }, () => slow.test(text), now)).toBeUndefined();
  let tries = 0;
  const quick = (): boolean => {
    tries += 1;
    return true;
  };
  expect(testInTime({ file, pattern: 'a' }, quick, now + 59_000)).toBeUndefined();
  expect(tries).toBe(0);
  expect(testInTime({ file, pattern: 'a' }, quick, now + 61_000)).toBe(true);
});

test('of a file with five slow patterns none is tried for a minute', () => {
  const file = randomUUID();
  const now = 2_000_000;
  for (const pattern of ['a', 'b', 'c', 'd', 'e']) testInTime({ file, pattern }, () => slow.test(text), now);
  expect(testInTime({ file, pattern: 'f' }, () => true, now + 1_000)).toBeUndefined();
  expect(testInTime({ file, pattern: 'f' }, () => true, now + 61_000)).toBe(true);
});
