import { describe, expect, test } from '@jest/globals';
import { namingCalled } from '../../../middleware/protocol/translation/faults/broken-answer.ts';
import {
  litellmFault,
  providerFault,
  withoutLitellm,
} from '../../../middleware/protocol/translation/faults/litellm-fault.ts';
import { toldFault } from '../../../middleware/protocol/translation/faults/told-fault.ts';

/** As LiteLLM 1.109 says it of providers that end, break, stay silent or say nothing that can be read; in a stream without the last lines. */
const wordings = {
  ended: [
    'litellm.APIConnectionError: openai closed the responses stream before any terminal event (response.completed, response.incomplete or response.failed)',
    'litellm.APIConnectionError: APIConnectionError: OpenAIException - Stream ended before a finish_reason was received',
    'litellm.APIConnectionError: Vertex_ai_betaException - Stream ended before a finish_reason was received',
    'litellm.MidStreamFallbackError: litellm.APIConnectionError: APIConnectionError: DeepseekException - Stream ended before a finish_reason was received',
    'litellm.InternalServerError: InternalServerError: OpenAIException - litellm.MidStreamFallbackError: litellm.APIConnectionError: APIConnectionError: Text-completion-openaiException - Stream ended before a finish_reason was received Original exception: APIConnectionError: litellm.APIConnectionError: APIConnectionError: Text-completion-openaiException - Stream ended before a finish_reason was received',
    'litellm.InternalServerError: InternalServerError: OpenAIException - litellm.MidStreamFallbackError: litellm.APIConnectionError: APIConnectionError: Text-completion-openaiException -  Original exception: APIConnectionError: litellm.APIConnectionError: APIConnectionError: Text-completion-openaiException - ',
    'Provider stream ended before emitting a message_stop event; the response is incomplete and any partial content (e.g. tool_use input JSON) may be truncated.',
    'litellm.APIConnectionError: AnthropicException - ',
  ],
  broken: [
    "litellm.APIConnectionError: APIConnectionError: OpenAIException - Response payload is not completed: <TransferEncodingError: 400, message='Not enough data to satisfy transfer length header.'>. ConnectionResetError(104, 'Connection reset by peer')",
    'litellm.APIConnectionError: APIConnectionError: Text-completion-openaiException - peer closed connection without sending complete message body (incomplete chunked read)',
    'litellm.InternalServerError: Upstream generation aborted (finish_reason=abort)',
  ],
  late: [
    'litellm.Timeout: APITimeoutError - Request timed out. Error_str: Timeout on reading data from socket',
    'litellm.MidStreamFallbackError: litellm.Timeout: APITimeoutError - Request timed out. Error_str: Timeout on reading data from socket',
    'Timeout on reading data from socket',
    'litellm.Timeout: AnthropicException - litellm.Timeout: Read timed out. Timeout passed=1.0, time taken=1.006 seconds',
    'litellm.Timeout: Timeout Error: OpenAIException - litellm.Timeout: Read timed out. Timeout passed=1.0, time taken=1.002 seconds',
    'litellm.Timeout: APITimeoutError - Request timed out. Error_str: Request timed out.\n\nDeployment Info: request_timeout: None\ntimeout: 1.0\nstream_timeout: 1.0',
    'litellm.Timeout: Stream exceeded max streaming duration of 9s (elapsed 9.1s)',
  ],
  unread: [
    "'GenericEvent' object has no attribute 'type'",
    'litellm.APIError: APIError: DeepseekException - Unable to get json response - Expecting value: line 1 column 1 (char 0), Original Response: ',
    "litellm.APIError: LiteLLM: provider returned a response with no 'choices'. Raw keys: []",
    'litellm.APIConnectionError: Vertex_ai_betaException - Error parsing chunk: x,\nReceived chunk: {"half',
  ],
  streamed: [
    'litellm.APIError: APIError: DeepseekException - Unable to get json response - Expecting value: line 1 column 1 (char 0), Original Response: data: {"id":"c"}\n\n',
    String.raw`litellm.APIError: APIError: OpenAIException - Empty or invalid response from LLM endpoint. Received: 'data: {"id":"c"}\n\ndata: [DONE]\n\n'. Check the reverse proxy or model server configuration.`,
  ],
} as const;

const told = {
  ended: ['stream_incomplete', 'the answer of the provider ended before it was whole'],
  broken: ['stream_incomplete', 'the answer broke off at the provider'],
  late: ['upstream_timeout', 'the provider did not answer in time'],
  unread: ['failed', 'the provider answered with something that is no answer'],
  streamed: ['upstream_unreadable', 'the provider answered a call that is not streamed with a stream'],
} as const;

const litellmsEnd = "\n\nLiteLLM: model group 'mine' failed with the error above. No fallback was attempted.";

describe.each(Object.keys(wordings) as (keyof typeof wordings)[])('[RT-4] words of LiteLLM: %s', (what) => {
  const [code, message] = told[what];
  const status = what === 'late' ? 408 : 500;

  test.each(wordings[what])('before an answer: %s', (words) => {
    expect(litellmFault(status, words + litellmsEnd)).toEqual({ code, message });
  });

  test.each(wordings[what])('within a stream: %s', (words) => {
    const { code: given } = toldFault({ message: words, code: String(status) });
    const kind = what === 'streamed' ? 'failed' : 'broken';
    expect(toldFault({ message: words, code: String(status) })).toMatchObject({ kind, message });
    expect(given).toBe(code === 'failed' ? undefined : code);
  });
});

test.each([
  'event: response.created\ndata: {"type":"response.created"}\n\n',
  'event: message_start\r\ndata: {}\r\n\r\n',
  'data: {"id":"c","object":"chat.completion.chunk"}\n\n',
  ': OPENROUTER PROCESSING\n\ndata: {}\n\n',
])('[RT-4] a stream in the place of a whole answer is told without its text: %j', (stream) => {
  const [code, message] = told.streamed;
  const said = `litellm.APIError: APIError: OpenAIException - ${stream}`;
  expect(litellmFault(500, said + litellmsEnd)).toEqual({ code, message });
  expect(providerFault(500, said)).toEqual({ code, message });
  expect(litellmFault(400, `litellm.BadRequestError: XException - ${stream}`)?.code).toBe('invalid_request');
});

test('[RT-4] a word in which a provider says that it broke off stays', () => {
  const message = 'the answer broke off at the provider: network_error';
  expect(litellmFault(500, `litellm.APIError: ${message}`)).toEqual({ code: 'stream_incomplete', message });
});

test('[RT-4] what is late in the words of a provider keeps them', () => {
  expect(
    litellmFault(408, 'litellm.Timeout: Timeout Error: OpenAIException - You sent it too slowly'),
  ).toEqual({ code: 'upstream_timeout', message: 'You sent it too slowly' });
});

test.each([
  "litellm.APIConnectionError: APIConnectionError: OpenAIException - 'content'",
  "litellm.APIConnectionError: 'NoneType' object is not subscriptable",
  "litellm.APIConnectionError: APIConnectionError: OpenAIException - object of type 'NoneType' has no len()",
  'litellm.APIConnectionError: APIConnectionError: OpenAIException - Expecting value: line 1 column 7 (char 6)',
  'litellm.InternalServerError: OpenAIException - Unterminated string starting at: line 1 column 11 (char 10)',
])('[RT-4] where LiteLLM itself fails, that is said: %s', (words) => {
  const said = withoutLitellm(words + litellmsEnd);
  expect(said).toMatch(/^LiteLLM could not read the provider's answer, or the request \(.{9,70}\)$/);
  expect(withoutLitellm(said)).toBe(said);
});

test.each([
  ['', 'the provider answered with nothing at all'],
  ['{}', 'the provider answered with something that is no answer'],
  ['{"id":"x","ch', 'the provider answered with something that is no answer'],
  ['<html><title>Hello</title></html>', 'the provider answered with the status 200 and the page "Hello"'],
  ['{"error":{"message":"No."}}', 'No.'],
])('[RT-4] what came under a good status, and LiteLLM could not read: %s', (body, message) => {
  const words = `litellm.APIError: APIError: OpenAIException - ${body}${litellmsEnd}`;
  expect(litellmFault(500, words)).toEqual({ code: 'failed', message });
  expect(providerFault(500, words)).toEqual({ code: 'failed', message });
});

test('[RT-4] a provider that says nothing under a status of its own is told with it', () => {
  expect(litellmFault(529, 'litellm.APIError: APIError: OpenAIException - ')?.message).toBe(
    'the provider answered with the status 529 and said nothing',
  );
});

test.each([
  'The server had an error: Stream ended before a finish_reason was received, it said',
  "'content' is missing",
  'Request timed',
])('[RT-4] words of a provider stay as they are: %s', (words) => {
  expect(withoutLitellm(`litellm.InternalServerError: XException - ${words}`)).toBe(words);
});

describe('[RT-4] an answer that broke off names who was called', () => {
  const ended = 'the answer of the provider ended before it was whole';

  test('by its address, where there is one', () => {
    expect(namingCalled(ended, 'mine', () => 'the server of "$&"')).toBe(
      'the answer of the server of "$&" ended before it was whole',
    );
  });

  test('or by the model alone', () => {
    expect(namingCalled(ended, 'mine', () => undefined)).toBe(`${ended} (it was called for "mine")`);
    expect(namingCalled('the answer broke off at the provider: error', 'mine', () => undefined)).toBe(
      'the answer broke off at the provider: error (it was called for "mine")',
    );
  });

  test.each([
    'the provider is tired',
    'a call of the model is not whole',
    `${ended} (it was called for "m")`,
  ])('and no other words do: %s', (message) => {
    expect(namingCalled(message, 'mine', () => 'x')).toBe(message);
  });

  test('nor does anything where no model is named', () => {
    expect(namingCalled(ended, '', () => 'x')).toBe(ended);
  });
});
