import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  litellmFault,
  providerFault,
} from '../../../middleware/protocol/translation/faults/litellm-fault.ts';
import { secondsToWait } from '../../../middleware/protocol/translation/faults/seconds-to-wait.ts';
import { toldFault } from '../../../middleware/protocol/translation/faults/told-fault.ts';

describe('[RT-4] how long a provider asks to wait', () => {
  test.each([
    ['Please retry in 12.5s.', 13],
    ['Please try again in 3s', 3],
    ['Please try again in 17m12.5s. Need more tokens?', 1_033],
    ['Please try again in 20ms. Visit', 1],
    ['Please retry in 881.2ms.', 1],
    ['Please try again in 1h2m', 3_720],
    ['Please try again in 6m0s.', 360],
    ['Please try again in 2 minutes.', 120],
    ['Please retry after 30 seconds.', 30],
    ['Try again after 1 hour and 2 minutes, or buy more', 3_720],
    ['Retry in 1 day', 86_400],
    ['please wait 5 seconds before trying again', 5],
    ['Please wait for at least 1.5 min', 90],
    ['Please try again in 0s', 1],
    ['Please try again in a minute.', 60],
    ['Wait one hour', 3_600],
    ['try again in a moment', undefined],
    ['{"retryDelay": "7s"}', 7],
    [String.raw`{\"retryDelay\": \"0.5s\"}`, 1],
    ['later', undefined],
    ['try again in 3 tries', undefined],
    ['try again in 5 models', undefined],
    ['try again in 2 months', undefined],
  ])('%s', (text, seconds) => {
    expect(secondsToWait(text)).toBe(seconds);
  });

  test('in whatever units', () => {
    const count = fc.integer({ min: 0, max: 59 });
    fc.assert(
      fc.property(count, count, fc.integer({ min: 1, max: 59_999 }), (hours, minutes, ms) => {
        const said = `Limit reached. Please try again in ${hours}h${minutes}m${ms / 1000}s.`;
        expect(secondsToWait(said)).toBe(hours * 3_600 + minutes * 60 + Math.ceil(ms / 1000));
      }),
    );
  });

  test('within a stream too', () => {
    expect(toldFault({ code: 429, message: 'Limit reached. Please try again in 17m12.5s.' })).toMatchObject({
      kind: 'rate-limit',
      retryAfterSeconds: 1_033,
    });
  });
});

const usedUp = 'You exceeded your current quota, please check your plan and billing details.';

describe('[RT-4] a quota that is back in a while is a rate limit', () => {
  const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '26s' }];
  const googles = { code: 429, message: usedUp, status: 'RESOURCE_EXHAUSTED', details };

  test.each(['Please retry in 7m12s.', 'Please retry in 881.2ms.', 'Please retry in 16.6s.'])(
    '%s',
    (wait) => {
      expect(providerFault(429, `${usedUp}\n${wait}`).code).toBe('rate_limit_exceeded');
      const told = `litellm.RateLimitError: GeminiException - ${JSON.stringify({ error: { message: `${usedUp} ${wait}` } })}`;
      expect(litellmFault(429, told)?.code).toBe('rate_limit_exceeded');
    },
  );

  test('where it is said beside the words', () => {
    const body = JSON.stringify([{ error: googles }]);
    expect(providerFault(429, usedUp, 'RESOURCE_EXHAUSTED', body).code).toBe('rate_limit_exceeded');
    expect(toldFault(googles)).toMatchObject({ kind: 'rate-limit', retryAfterSeconds: 26 });
  });

  test('and one that is not ends it', () => {
    expect(providerFault(429, usedUp).code).toBe('insufficient_quota');
    expect(toldFault({ code: 429, message: usedUp }).kind).toBe('quota');
  });
});
