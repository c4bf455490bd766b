import { describe, expect, test } from '@jest/globals';
import { Breaker, type BreakerState } from '../../../middleware/kernel/breaker.ts';

describe('Breaker', () => {
  test('opens after its failures in a row, tries one request after the cool-down, closes on success [RT-3]', () => {
    let now = 0;
    const changes: BreakerState[] = [];
    const breaker = new Breaker({
      failures: 2,
      coolDownMs: 100,
      now: () => now,
      onChange: (state) => changes.push(state),
    });
    breaker.failed();
    breaker.succeeded();
    breaker.failed();
    expect(breaker.allows()).toBe(true);
    breaker.failed();
    expect(breaker.allows()).toBe(false);
    now = 100;
    expect([breaker.allows(), breaker.allows()]).toEqual([true, false]);
    breaker.failed();
    now = 199;
    expect(breaker.allows()).toBe(false);
    now = 200;
    expect(breaker.allows()).toBe(true);
    breaker.succeeded();
    expect([breaker.allows(), breaker.allows()]).toEqual([true, true]);
    expect(changes).toEqual(['open', 'half-open', 'open', 'half-open', 'closed']);
  });

  test('says that it is half open once it has cooled down, also where nobody asks for a trial [RT-3]', () => {
    let now = 0;
    const breaker = new Breaker({ failures: 1, coolDownMs: 100, now: () => now });
    breaker.failed();
    now = 99;
    expect(breaker.state).toBe('open');
    now = 100;
    expect(breaker.state).toBe('half-open');
  });

  test('a trial whose end is never told does not keep it half-open for ever [RT-3]', () => {
    let now = 0;
    const breaker = new Breaker({ failures: 1, coolDownMs: 100, now: () => now });
    breaker.failed();
    now = 100;
    expect(breaker.allows()).toBe(true);
    now = 200;
    expect(breaker.allows()).toBe(true);
  });
});
