import { describe, expect, test } from '@jest/globals';
import type { ErrorCode } from '../../../middleware/kernel/errors.ts';
import type { Client } from '../../../middleware/kernel/exchange.ts';
import { objectIn } from '../../../middleware/kernel/json-object.ts';
import { codecOf } from '../../../middleware/protocol/apis/codec-of.ts';
import { readEvent } from '../../../middleware/protocol/apis/common/read-event.ts';
import { responsesClient } from '../../../middleware/protocol/apis/responses/translation/client.ts';
import { failureOf } from '../../../middleware/protocol/apis/responses/translation/write-failure.ts';
import { frameBytes, parseFrame } from '../../../middleware/protocol/sse/sse-frame.ts';
import type { AnswerFault } from '../../../middleware/protocol/translation/answer-event.ts';
import { toldFault } from '../../../middleware/protocol/translation/faults/told-fault.ts';

const overload =
  'litellm.InternalServerError: AnthropicError - {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}\n\nLiteLLM: model group \'claude\' failed with the error above. No fallback was attempted.';
const usedUp =
  'litellm.RateLimitError: geminiException - {"error":{"code":429,"message":"Your prepayment credits are depleted.","status":"RESOURCE_EXHAUSTED"}}';
const slowDown =
  'litellm.RateLimitError: geminiException - {"error":{"code":429,"message":"You exceeded your current quota. Please retry in 12.5s.","status":"RESOURCE_EXHAUSTED"}}';

describe('[RT-4] an error within a stream means what its provider said', () => {
  test.each([
    [
      'an overload, in the words of LiteLLM',
      { type: 'api_error', message: overload },
      { kind: 'overloaded', message: 'Overloaded' },
    ],
    ['an overload by its type', { type: 'overloaded_error', message: 'Busy' }, { kind: 'overloaded' }],
    [
      'credits that are used up',
      { code: '429', message: usedUp },
      { kind: 'quota', message: 'Your prepayment credits are depleted.' },
    ],
    [
      'a quota by its code',
      { code: 'insufficient_quota', type: 'insufficient_quota', message: 'Pay first' },
      { kind: 'quota' },
    ],
    [
      'a rate limit that says how long',
      { code: 429, message: slowDown },
      { kind: 'rate-limit', retryAfterSeconds: 13 },
    ],
    [
      'a rate limit whose status LiteLLM only names',
      { type: 'api_error', message: 'litellm.RateLimitError: AnthropicError - Slow down' },
      { kind: 'rate-limit', message: 'Slow down' },
    ],
    [
      'a time that ran out, whose status LiteLLM only names',
      {
        type: 'api_error',
        message: 'litellm.Timeout: AnthropicException - {"error":{"message":"Too slow"}}',
      },
      { kind: 'broken', code: 'upstream_timeout', message: 'Too slow' },
    ],
    [
      'a time that ran out, by its code',
      { code: 'request_timeout', message: 'Too slow' },
      { kind: 'broken', code: 'upstream_timeout' },
    ],
    ['a time that ran out, by its number', { code: 408, message: 'Too slow' }, { kind: 'broken' }],
    ['a text', 'it broke', { kind: 'failed', message: 'it broke' }],
    [
      'a conversation that is too long, by its code',
      { code: 'context_length_exceeded', message: 'Too many tokens' },
      { kind: 'context-length' },
    ],
    ['a server that is away', { code: '503', message: 'Away' }, { kind: 'broken' }],
    ['a fault of the server, by its type', { type: 'api_error', message: 'Oh' }, { kind: 'broken' }],
    ['a request that is too large', { type: 'request_too_large', message: 'Big' }, { kind: 'too-large' }],
    [
      'a model that is not there',
      { code: 404, message: 'The model `x` does not exist' },
      { kind: 'unknown-model' },
    ],
    ['a request that is refused', { code: '400', message: 'Bad' }, { kind: 'invalid' }],
    ['nothing', null, { kind: 'failed', message: 'the provider failed without a reason' }],
  ])('%s', (_name, error, fault) => {
    expect(toldFault(error)).toMatchObject(fault);
  });

  test.each(['messages', 'chat'] as const)('%s', (api) => {
    const reader = codecOf(api).providerTranslation?.openReader(undefined as never, {} as never);
    const error = { type: 'error', error: { type: 'api_error', code: null, message: overload } };
    expect(reader?.read(parseFrame(frameBytes(JSON.stringify(error), 'error')))).toEqual([
      {
        kind: 'failed',
        failure: { kind: 'overloaded', message: 'Overloaded', retryAfterSeconds: undefined },
      },
    ]);
  });
});

describe('[RT-4] Codex is told once how long to wait', () => {
  const told = (message: string): string =>
    failureOf({ kind: 'rate-limit', message, retryAfterSeconds: 64 }).message;

  test.each([
    'Please try again in 7s.',
    'Please try again in 7.5 seconds.',
    'Try again in 35 seconds',
    'Limit 10, used 10. Please try again in 28ms. Visit the page.',
    'away; try again in 5 s',
  ])('%s', (message) => {
    expect(told(message)).toBe(message);
  });

  test.each([
    ['Slow down.', 'Slow down. Please try again in 64s.'],
    ['Slow down', 'Slow down. Please try again in 64s.'],
    ['Limit reached. Please try again in 1m3.5s. Visit', 'Limit reached. Please try again in 64s. Visit'],
    ['Please try again in 0m7s.', 'Please try again in 64s.'],
    ['Please try again in 1 m', 'Please try again in 64s'],
    ['Please try again in 2 hours.', 'Please try again in 64s.'],
    ['Please try again in a minute.', 'Please try again in 64s.'],
    ['Please try again in about 20 seconds.', 'Please try again in 64s.'],
    ['Busy. Try again after 1 hour and 2 minutes', 'Busy. Try again in 64s'],
    ['Please retry in 881.2ms.', 'Please try again in 64s.'],
    ['Please retry after 30 seconds.', 'Please try again in 64s.'],
    ['Please retry your request after a brief wait.', 'Please try again in 64s.'],
    ['Please wait 5 seconds before trying again.', 'Please try again in 64s.'],
    ['Wait for at least 5 seconds, and then try again', 'Try again in 64s'],
    ['Please wait a moment and try again.', 'Please try again in 64s.'],
    ['The model is overloaded. Please try again later.', 'The model is overloaded. Please try again in 64s.'],
    ['The wait time is long.', 'The wait time is long. Please try again in 64s.'],
  ])('which it can read: %s', (message, wanted) => {
    expect(told(message)).toBe(wanted);
  });

  test('and not at all where nobody knows', () => {
    const message = 'Please try again later.';
    expect(failureOf({ kind: 'rate-limit', message, retryAfterSeconds: undefined }).message).toBe(message);
  });
});

describe('[RT-4] [API-3] the code of a failure reaches clients of the Responses API', () => {
  const fault = (code: ErrorCode): AnswerFault => ({
    ...{ kind: 'failed', code, message: 'No.', retryAfterSeconds: undefined },
  });
  const codes = [
    ['upstream_timeout', 'upstream_timeout', 'No.'],
    ['stream_incomplete', 'stream_incomplete', 'No.'],
    ['context_length_exceeded', 'context_length_exceeded', 'No.'],
    ['insufficient_quota', 'insufficient_quota', 'No.'],
    ['provider_key_refused', 'invalid_prompt', 'No. (provider_key_refused)'],
    ['upstream_refused', 'invalid_prompt', 'No. (upstream_refused)'],
  ] as const;
  const requests = {
    'an answer': [{ role: 'user', content: 'go' }],
    'a summary': [{ type: 'compaction_trigger' }],
  };

  /** The error of the last event of a stream. */
  function streamed(input: unknown, code: ErrorCode, kind: Client['kind'] | undefined): unknown {
    const client = kind && { kind, version: undefined };
    const asked = responsesClient.readRequest({ model: 'm', stream: true, input });
    const writer = responsesClient.openWriter(asked, 0, client);
    const frames = writer.write({ kind: 'failed', failure: fault(code), usage: undefined });
    return objectIn(objectIn(frames.map((frame) => readEvent(frame)).at(-1))['response'])['error'];
  }

  describe.each(Object.entries(requests))('%s', (_what, input) => {
    test.each(codes)('as Codex knows it: %s', (code, known, message) => {
      expect(streamed(input, code, 'codex')).toEqual({ code: known, message });
    });

    test.each(codes.map(([code]) => code))('and as it is: %s', (code) => {
      expect(streamed(input, code, 'other')).toEqual({ code, message: 'No.' });
      expect(streamed(input, code, undefined)).toEqual({ code, message: 'No.' });
    });
  });
});
