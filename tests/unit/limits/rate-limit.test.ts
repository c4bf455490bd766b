import { describe, expect, test } from '@jest/globals';
import { RateLimit } from '../../../middleware/features/limits/rate-limit.ts';
import { CodexPlusError } from '../../../middleware/kernel/errors.ts';

/** Which of the calls at these times, of one caller, were refused, with the seconds that they are told to wait. */
function refusals(limit: RateLimit, clock: { at: number }, times: readonly number[]): unknown[] {
  return times.map((at) => {
    clock.at = at;
    try {
      limit.take('ann');
      return undefined;
    } catch (error) {
      if (!(error instanceof CodexPlusError)) throw error;
      return [error.code, error.status, error.retryAfterSeconds];
    }
  });
}

describe('the limit of a caller', () => {
  test('so many at once, then as many again evenly in each window; who waits as told is let through [API-3]', () => {
    const clock = { at: 0 };
    const limit = new RateLimit({ enabled: true, windowMs: 60_000, max: 3 }, () => clock.at);
    const refused = (seconds: number): unknown => ['rate_limit_exceeded', 429, seconds];
    expect(refusals(limit, clock, [0, 0, 0, 0, 1_000, 20_000, 20_000, 60_000, 60_000, 60_000])).toEqual([
      ...[undefined, undefined, undefined, refused(20), refused(19)],
      ...[undefined, refused(20), undefined, undefined, refused(20)],
    ]);
  });

  test('each caller has its own, and a long pause gives no more than one window [API-3]', () => {
    const clock = { at: 0 };
    const limit = new RateLimit({ enabled: true, windowMs: 1_000, max: 1 }, () => clock.at);
    limit.take('bob');
    expect(refusals(limit, clock, [0, 900_000, 900_000]).map((each) => each === undefined)).toEqual([
      true,
      true,
      false,
    ]);
  });
});
