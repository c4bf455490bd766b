import { describe, expect, test } from '@jest/globals';
import { litellmFault } from '../../../middleware/protocol/translation/faults/litellm-fault.ts';
import { recordedErrors } from '../../support/recorded-errors.ts';

const codes: Readonly<Record<string, string>> = {
  'too long': 'context_length_exceeded',
  overloaded: 'server_is_overloaded',
  'rate limit': 'rate_limit_exceeded',
  quota: 'insufficient_quota',
  fault: 'failed',
  'unknown to it': 'unknown_to_provider',
};

describe('[RT-4] what litellm 1.109.3 says of an error of a provider', () => {
  test.each(recordedErrors.map((row) => [row.provider, row.what, row] as const))(
    '%s: %s',
    (_provider, what, { status, message }) => {
      const fault = litellmFault(status, message);
      expect(fault?.code).toBe(codes[what] ?? 'invalid_request');
      expect(fault?.message).not.toMatch(/litellm|Exception|request_id|[{}]|^b'/i);
    },
  );
});

test('deployments that LiteLLM leaves alone are told without their ids', () => {
  const message =
    "No deployments available for selected model, Try again in 5 seconds. Passed model=claude. pre-call-checks=False, cooldown_list=['3f2a']";
  expect(litellmFault(429, message)).toEqual({
    code: 'rate_limit_exceeded',
    message: 'LiteLLM leaves this model alone for a while, since its provider failed; try again in 5 s',
  });
});
