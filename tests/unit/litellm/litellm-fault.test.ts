import { describe, expect, test } from '@jest/globals';
import {
  litellmFault,
  secondsToWait,
} from '../../../middleware/protocol/translation/faults/litellm-fault.ts';
import { tellsContextLength } from '../../../middleware/protocol/translation/faults/tells-context-length.ts';
import { growsLinearly } from '../../support/grows-linearly.ts';

const tooLong = 'prompt is too long: 210000 tokens > 200000 maximum';
const anthropics = `{"type":"error","error":{"type":"invalid_request_error","message":"${tooLong}"},"request_id":"req_1"}`;

describe('[RT-4] errors of LiteLLM mean to a client what their provider said', () => {
  test.each([
    [
      'a conversation that is too long, at Anthropic',
      400,
      `litellm.ContextWindowExceededError: litellm.BadRequestError: AnthropicError - b'${anthropics}'. Received Model Group=claude\nAvailable Model Group Fallbacks=None`,
      { code: 'context_length_exceeded', message: tooLong },
    ],
    [
      'one that is too long, at OpenAI',
      400,
      'litellm.BadRequestError: OpenAIException - {"error":{"message":"Your input exceeds the context window of this model. Please adjust your input and try again.","code":"context_length_exceeded"}}',
      {
        code: 'context_length_exceeded',
        message:
          'Your input exceeds the context window of this model. Please adjust your input and try again.',
      },
    ],
    [
      'an overload, under the status of a fault',
      500,
      `litellm.InternalServerError: AnthropicError - b'{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"req_1"}'. Received Model Group=claude`,
      { code: 'server_is_overloaded', message: 'Overloaded' },
    ],
    [
      'a quota',
      429,
      'No deployments available - crossed budget: Exceeded budget for provider openai: 0.002 >= 0.001',
      { code: 'insufficient_quota' },
    ],
    [
      'a rate limit',
      429,
      'litellm.RateLimitError: Vertex_ai_betaException - b\'{"error":{"code":429,"message":"You exceeded your current quota. Please retry in 12.5s.","status":"RESOURCE_EXHAUSTED"}}\'',
      { code: 'rate_limit_exceeded', message: 'You exceeded your current quota. Please retry in 12.5s.' },
    ],
    [
      'a model that is not there',
      400,
      '/responses: Invalid model name passed in model=no-such. Call `/v1/models` to view available models for your key.',
      { code: 'model_not_found' },
    ],
    [
      'a request that the provider refuses',
      400,
      `litellm.BadRequestError: AnthropicError - b'{"type":"error","error":{"type":"invalid_request_error","message":"messages.2: \\'tool_use\\' ids"}}'`,
      { code: 'invalid_request', message: "messages.2: 'tool_use' ids" },
    ],
    [
      'words that are not ASCII, as Python prints their bytes',
      400,
      String.raw`litellm.BadRequestError: AnthropicError - b'{"error":{"message":"zu lang \xe2\x80\x93 k\xc3\xbcrzen \\"a\\" \\\\xe2"}}'`,
      { code: 'invalid_request', message: String.raw`zu lang – kürzen "a" \xe2` },
    ],
    [
      'bytes that are no JSON',
      500,
      String.raw`litellm.InternalServerError: AnthropicError - b'\xc3\x9cberlast'`,
      { code: 'failed', message: 'Überlast' },
    ],
  ])('%s', (_name, status, message, fault) => {
    expect(litellmFault(status, message)).toMatchObject(fault);
  });

  test.each([
    ['what has no words of LiteLLM around it', 400, 'Unknown parameter: input[3].status'],
    ['a fault that the provider tells itself', 500, 'it broke'],
  ])('%s goes on as it is', (_name, status, body) => {
    expect(litellmFault(status, body)).toBeUndefined();
  });
});

test.each([
  ['Please retry in 12.5s.', 13],
  ['Please try again in 3s', 3],
  ['{"retryDelay": "7s"}', 7],
  ['later', undefined],
])('the time to wait in "%s"', (text, seconds) => {
  expect(secondsToWait(text)).toBe(seconds);
});

describe('[RT-4] what an error says is read in a time that grows with its length', () => {
  const fillers: Readonly<Record<string, string>> = {
    'line breaks': '\n',
    'spaces and line breaks': ' \n',
    "LiteLLM's paragraphs": 'x\n\nLiteLLM: ',
    "LiteLLM's names": 'litellm.aError: ',
    letters: 'Error',
    digits: 'retry in 1',
    'times to wait': 'retryDelay": ',
    counts: 'input token count',
    braces: '{"message":',
    bytes: String.raw`b'\xe2{`,
  };

  test.each(Object.keys(fillers))('%s', async (kind) => {
    const read = (text: string): unknown => [
      litellmFault(500, `litellm.InternalServerError: ${text}`),
      litellmFault(429, text),
      tellsContextLength(text),
      secondsToWait(text),
    ];
    const filler = fillers[kind] ?? '';
    await growsLinearly((size) => filler.repeat(Math.ceil(size / filler.length)), read, 1_000, 32);
  });
});
