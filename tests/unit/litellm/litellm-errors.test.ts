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

describe('[RT-4] an answer of Gemini that LiteLLM could not read is told without its words', () => {
  const told = (why: string): string =>
    `litellm.BadRequestError: GeminiException - Error converting to valid response block=${why}. File an issue if litellm error - https://github.com/BerriAI/litellm/issues\n\nLiteLLM: model group 'g' failed with the error above. No fallback was attempted.`;
  const got = (answer: string): string =>
    told(`usageMetadata not found in completion_response. Got=${answer}`);
  const noAnswer = 'the provider answered with something that is no answer';

  test.each([
    [got("{'error': {'message': 'upstream broke', 'code': 500}}"), 'failed', 'upstream broke'],
    [
      got("{'error': {'code': 503, 'message': 'The model is overloaded.', 'status': 'UNAVAILABLE'}}"),
      'server_is_overloaded',
      'The model is overloaded.',
    ],
    [
      got("{'error': {'code': 429, 'message': 'Slow down. Use {}'}}"),
      'rate_limit_exceeded',
      'Slow down. Use {}',
    ],
    [got(`{'error': {'code': 400, 'message': "it's odd"}}`), 'invalid_request', "it's odd"],
    [got("{'candidates': []}"), 'failed', noAnswer],
    [told('Expecting value: line 1 column 1 (char 0)'), 'failed', noAnswer],
    [
      'litellm.types.llms.anthropic_messages.anthropic_response.AnthropicMessagesResponse() argument after ** must be a mapping, not list',
      'failed',
      noAnswer,
    ],
  ])('%s', (said, code, message) => {
    expect(litellmFault(422, said)).toEqual({ code, message });
  });
});

test('deployments that LiteLLM leaves alone are told without their ids', () => {
  const message =
    "No deployments available for selected model, Try again in 5 seconds. Passed model=claude. pre-call-checks=False, cooldown_list=['3f2a']";
  expect(litellmFault(429, message)).toEqual({
    code: 'rate_limit_exceeded',
    message: 'LiteLLM leaves this model alone for a while, since its provider failed; try again in 5 s',
  });
});
