import { expect, test } from '@jest/globals';
import { clientHeaders } from '../../../middleware/upstreams/litellm/litellm-upstream.ts';

test('[RT-4] limits are those that the provider told, and none of a list of prices', () => {
  const priced = ['x-ratelimit-limit-requests', '2000', 'x-ratelimit-remaining-requests', '1999'];
  expect(clientHeaders(priced, [])).toEqual([]);
  const told = [
    'llm_provider-x-ratelimit-limit-requests',
    '60',
    'llm_provider-x-ratelimit-reset-requests',
    '1s',
  ];
  expect(clientHeaders([...priced, ...told], [])).toEqual([
    ...['x-ratelimit-limit-requests', '60', 'x-ratelimit-reset-requests', '1s'],
  ]);
});

test('[RT-4] how long to wait is told in milliseconds where the provider does', () => {
  expect(clientHeaders(['llm_provider-retry-after-ms', '900'], [])).toEqual(['retry-after-ms', '900']);
});

test.each(['true', 'false'])('[RT-4] whether to try again is what the provider says: %s', (word) => {
  expect(clientHeaders(['llm_provider-x-should-retry', word], [])).toEqual(['x-should-retry', word]);
});
