import { describe, expect, test } from '@jest/globals';
import {
  litellmFault,
  providerFault,
} from '../../../middleware/protocol/translation/faults/litellm-fault.ts';
import { secondsToWait } from '../../../middleware/protocol/translation/faults/seconds-to-wait.ts';
import { withWait } from '../../../middleware/protocol/translation/faults/with-wait.ts';
import { tellsContextLength } from '../../../middleware/protocol/translation/faults/tells-context-length.ts';
import { toldFault } from '../../../middleware/protocol/translation/faults/told-fault.ts';
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
      'two names of an error before a fault',
      502,
      'litellm.InternalServerError: AnthropicException BadGatewayError - It is away',
      { code: 'failed', message: 'It is away' },
    ],
    [
      'nothing at all',
      404,
      'litellm.NotFoundError: NotFoundError: OpenAIException - ',
      {
        code: 'no_such_path',
        message: 'the provider answered with the status 404 and said nothing',
      },
    ],
    [
      'a page',
      502,
      'litellm.BadGatewayError: AnthropicException BadGatewayError - <html><head><title>502 Bad Gateway</title></head></html>',
      {
        code: 'failed',
        message: 'the provider answered with the status 502 and the page "502 Bad Gateway"',
      },
    ],
    [
      'a page without a title',
      502,
      'litellm.BadGatewayError: OpenAIException - <!DOCTYPE html><p>gone',
      { code: 'failed', message: 'the provider answered with the status 502 and a page' },
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

  const wordings = [
    `litellm.BadRequestError: AnthropicException - {"type":"error","error":{"type":"odd","message":"No."}}`,
    'litellm.APIError: APIError: OpenAIException - No.',
    `litellm.APIError: APIError: OpenAIException - Error code: 409 - {'error': {'message': 'No.', 'param': None}}`,
    `b'{"error":{"code":409,"message":"No.","status":"ABORTED"}}'`,
  ];
  test.each([405, 406, 409, 415, 418, 424, 451, 499])('a refusal under any status is one: %d', (status) => {
    const refusal = { code: 'invalid_request', message: 'No.' };
    for (const words of wordings) {
      const said = `${words}\n\nLiteLLM: model group 'm' failed with the error above. No fallback was attempted.`;
      expect(litellmFault(status, said)).toEqual(refusal);
      expect(toldFault({ message: said, code: String(status) })).toMatchObject({
        ...{ kind: 'invalid', message: 'No.' },
      });
    }
    expect(litellmFault(status, 'No.')).toBeUndefined();
  });
});

const usersJson = '{"message":"hello","to":"bob"}';

describe("[RT-4] what stands in a provider's words of a request or a call stays there", () => {
  test.each([
    `Failed to parse the arguments of the tool "send": ${usersJson} is not valid for its schema`,
    `Failed to parse the arguments of the tool "send": ${usersJson}`,
    `Invalid value: '${usersJson}'.`,
    `messages.3.content.0.input: ${usersJson} - {"error":{"message":"hello"}}`,
    `{"to":"ann"} and ${usersJson}`,
  ])('%s', (words) => {
    expect(providerFault(400, words)).toEqual({ code: 'invalid_request', message: words });
    expect(toldFault({ message: words, code: 400 }).message).toBe(words);
    const json = JSON.stringify({ error: { message: words } });
    for (const told of [
      `litellm.BadRequestError: OpenAIException - ${words}`,
      `litellm.BadRequestError: OpenAIException - ${json}`,
      `litellm.BadRequestError: GeminiException BadRequestError - ${json}`,
      `litellm.BadRequestError: AnthropicError - b'${json.replaceAll(/[\\']/g, String.raw`\$&`)}'`,
    ])
      expect(litellmFault(400, told)).toEqual({ code: 'invalid_request', message: words });
  });

  test.each([
    'litellm.ContextWindowExceededError: BedrockException: Context Window Error - ',
    'litellm.AuthenticationError: BedrockException Invalid Authentication - ',
    "litellm.BadRequestError: VertexAIException BadRequestError - b'",
  ])("%s is LiteLLM's", (before) => {
    const told = `${before}{"message":"It is too much"}${before.endsWith("'") ? "'" : ''}`;
    expect(litellmFault(400, told)?.message).toBe('It is too much');
  });

  test('and does not decide what it means', () => {
    const words = 'Invalid schema for function "overloaded": the server is overloaded';
    expect(providerFault(400, words).code).toBe('invalid_request');
    expect(toldFault({ message: words, type: 'invalid_request_error' }).kind).toBe('invalid');
    expect(providerFault(500, 'Overloaded').code).toBe('server_is_overloaded');
  });
});

test.each([
  ['Azure', 404, 'The API deployment for this resource does not exist.', 'DeploymentNotFound'],
  ['DeepSeek', 400, 'Model Not Exist', 'invalid_request_error'],
  ['OpenRouter', 400, 'open/none is not a valid model ID', ''],
  ['Mistral', 400, 'Invalid model: none', 'invalid_model'],
  ['Anthropic', 404, 'model: claude-none', 'not_found_error'],
  ['OpenAI', 404, 'The requested model does not exist', 'model_not_found'],
])('[RT-4] %s says that it has no such model', (_name, status, message, code) => {
  expect(providerFault(status, message, code).code).toBe('unknown_to_provider');
  expect(providerFault(status === 404 ? 400 : 404, 'File not found: model.py', '').code).toBe(
    'invalid_request',
  );
});

describe('[RT-4] a provider that cannot be called is told in plain words', () => {
  test.each([
    'InternalServerError: OpenAIException - Cannot connect to host api.openai.com:443 ssl:<ssl.SSLContext object at 0x7f939d63bf50> [Name or service not known]',
    "InternalServerError: OpenAIException - Cannot connect to host 127.0.0.1:9 ssl:default [Connect call failed ('127.0.0.1', 9)]",
    'InternalServerError: OpenAIException - Connection error.',
    'APIConnectionError: GeminiException - [Errno 111] Connection refused',
    'APIConnectionError: GeminiException - All connection attempts failed',
  ])('where nobody is there: %s', (words) => {
    const told = { code: 'failed', message: 'the provider could not be reached' };
    expect(litellmFault(500, `litellm.${words}\n\nLiteLLM: model group 'm' failed`)).toEqual(told);
    expect(toldFault({ message: `litellm.${words}`, code: '500' })).toMatchObject({
      ...{ kind: 'broken', message: told.message },
    });
  });

  test('where an answer breaks off, without the objects of LiteLLM', () => {
    const chunk = "{'text': '', 'original_chunk': ChatCompletionChunk(id='c', choices=[]), 'usage': None}";
    const said = `openai raised a streaming error - finish_reason: error, no content string given. Received Chunk=${chunk}`;
    expect(
      toldFault({ message: `litellm.APIConnectionError: APIConnectionError: OpenAIException - ${said}` }),
    ).toMatchObject({ message: 'the answer broke off at the provider' });
  });

  test.each([
    'Server disconnected',
    'litellm.InternalServerError: AnthropicException - Server disconnected. Handle with `litellm.InternalServerError`.',
    'litellm.APIConnectionError: GeminiException - Server disconnected without sending a response.',
  ])('where it goes away: %s', (words) => {
    const message = 'the provider closed the connection without an answer';
    expect(litellmFault(500, words)).toEqual({ code: 'failed', message });
  });
});

describe('[RT-4] a request that has more bytes than its provider takes', () => {
  const anthropic = '{"type":"error","error":{"type":"request_too_large","message":"Too much"}}';

  test.each([
    ['Anthropic', 413, 'Request exceeds the maximum size', 'request_too_large'],
    ['Anthropic, as LiteLLM says it', 400, `litellm.BadRequestError: AnthropicException - ${anthropic}`, ''],
    ['Gemini', 400, 'Request payload size exceeds the limit: 20971520 bytes.', 'INVALID_ARGUMENT'],
    ['a server of models', 400, 'Request Entity Too Large', ''],
    ['a server of models', 413, 'Maximum request body size 1048576 exceeded, actual body size 1056562', ''],
    ['a proxy', 413, '<html><head><title>413 Request Entity Too Large</title></head></html>', ''],
  ])('is known from %s (%d)', (_name, status, message, code) => {
    expect(providerFault(status, message, code).code).toBe('request_too_large');
  });

  test.each([
    [400, 'messages.0: image exceeds 5 MB maximum'],
    [400, 'messages.0.content: "Request exceeds the maximum size"'],
    [500, 'Request exceeds the maximum size'],
  ])('and nothing else is one: %d %s', (status, message) => {
    expect(providerFault(status, message).code).not.toBe('request_too_large');
  });

  test('but a conversation that is too long is compacted', () => {
    expect(providerFault(413, tooLong).code).toBe('context_length_exceeded');
  });
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
    "names of LiteLLM's": 'Error ',
    bytes: String.raw`b'\xe2{`,
    quotes: `"a 'b \`c “d`,
    'quotes with apostrophes': "'it's ",
    'escapes in quotes': String.raw`'a "\ `,
    durations: 'try again in 1h 2m, and 3s ',
    waits: 'wait a few minutes before t',
  };

  test.each(Object.keys(fillers))('%s', async (kind) => {
    const read = (text: string): unknown => [
      litellmFault(500, `litellm.InternalServerError: ${text}`),
      litellmFault(429, text),
      tellsContextLength({ names: [], said: text, message: text }),
      secondsToWait(text),
      withWait(text, 7),
    ];
    const filler = fillers[kind] ?? '';
    await growsLinearly((size) => filler.repeat(Math.ceil(size / filler.length)), read, 1_000, 32);
  });
});
