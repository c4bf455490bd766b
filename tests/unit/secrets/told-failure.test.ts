import { describe, expect, test } from '@jest/globals';
import type { Api } from '../../../middleware/kernel/exchange.ts';
import { ErrorFrames } from '../../../middleware/upstreams/words/error-frames.ts';
import { tellFailedEvents } from '../../../middleware/upstreams/words/told-failure.ts';

const key = 'Zq7-a-key-of-a-provider';

function through(api: Api, stream: string): string {
  const clean = (text: string): string => text.replaceAll(key, '[key]');
  const frames = new ErrorFrames(
    clean,
    undefined,
    tellFailedEvents(api, { isLitellms: true, name: (words) => words }),
  );
  return Buffer.concat([frames.take(Buffer.from(stream)), frames.rest()]).toString();
}

const limit =
  'litellm.RateLimitError: RateLimitError: DeepseekException - Rate limit reached. Please try again in 7s';
const limitSaid = 'Rate limit reached. Please try again in 7s';
const cut =
  "litellm.APIConnectionError: APIConnectionError: DeepseekException - Response payload is not completed: <TransferEncodingError: 400, message='Not enough data'>";
const cutSaid = 'the answer broke off at the provider';

/** As LiteLLM 1.109 writes them. */
const ofChat = (message: string, type: string, code: string): string =>
  `data: ${JSON.stringify({ error: { message, type, param: null, code } })}\n\n`;
const ofResponses = (code: string, message: string): string =>
  `event: response.failed\ndata: ${JSON.stringify({
    type: 'response.failed',
    response: { id: 'resp_1', error: { code, message }, status: 'failed', output: [] },
    sequence_number: 4,
  })}\n\n`;
const ofMessages = (type: string, message: string): string =>
  `event: error\ndata: ${JSON.stringify({ type: 'error', error: { type, message } })}\n\n`;

describe('[RT-4] what LiteLLM says of an answer that failed in mid-stream is told in the terms of the API', () => {
  test.each(['chat', 'completions'] as const)('%s', (api) => {
    const begun = 'data: {"choices":[{"index":0,"delta":{"content":"half"}}]}\n\n';
    const told = (type: string, code: string, message: string): string =>
      `${begun}data: ${JSON.stringify({ error: { message, type, param: null, code } })}\n\ndata: [DONE]\n\n`;
    const given = (error: string): string => through(api, `${begun}${error}data: [DONE]\n\n`);
    expect(given(ofChat(limit, 'throttling_error', '429'))).toBe(
      told('rate_limit_error', 'rate_limit_exceeded', limitSaid),
    );
    expect(given(ofChat(cut, 'internal_server_error', '500'))).toBe(
      told('server_error', 'stream_incomplete', cutSaid),
    );
    expect(given(ofChat(`litellm.BadRequestError: XException - not ${key}`, 'x', '400'))).toBe(
      told('invalid_request_error', 'refused_by_provider', 'not [key]'),
    );
  });

  test.each(['chat', 'completions'] as const)('%s, beside a choice, where no client looks', (api) => {
    const end = { index: 0, delta: {}, finish_reason: 'error' };
    const error = { code: 429, message: `Slow down, ${key}. Please try again in 7s.` };
    const message = 'Slow down, [key]. Please try again in 7s.';
    for (const choice of [
      { ...end, error },
      { ...end, provider_specific_fields: { native_finish_reason: 'error', error } },
    ]) {
      const begun = 'data: {"choices":[{"index":0,"delta":{"content":"half"}}]}\n\n';
      const stream = `${begun}data: ${JSON.stringify({ id: 'c', choices: [choice] })}\n\ndata: [DONE]\n\n`;
      const said = ofChat(message, 'rate_limit_error', 'rate_limit_exceeded');
      expect(through(api, stream)).toBe(`${begun}${said}data: [DONE]\n\n`);
    }
  });

  test('responses', () => {
    expect(through('responses', ofResponses('server_error', cut))).toBe(
      ofResponses('stream_incomplete', cutSaid),
    );
    expect(through('responses', ofResponses('rate_limit_exceeded', limit))).toBe(
      ofResponses('rate_limit_exceeded', limitSaid),
    );
    const event = { type: 'error', code: '429', message: limit, param: null, sequence_number: 3 };
    const said = { ...event, code: 'rate_limit_exceeded', message: limitSaid };
    expect(through('responses', `data: ${JSON.stringify(event)}\n\n`)).toBe(
      `data: ${JSON.stringify(said)}\n\n`,
    );
  });

  test('messages', () => {
    const [, said = ''] = through('messages', ofMessages('api_error', limit)).split('\ndata: ');
    expect(JSON.parse(said)).toEqual({
      type: 'error',
      error: { type: 'rate_limit_error', message: limitSaid, code: 'rate_limit_exceeded' },
    });
  });

  test.each([
    ['chat', ofChat('Rate limit reached', 'of_the_provider', 'its_own')],
    ['responses', ofResponses('cyber_policy', 'No.')],
    ['responses', ofResponses('server_error', ' No. ')],
    ['messages', ofMessages('overloaded_error', 'Overloaded')],
    ['messages', 'event: error\ndata: litellm.RateLimitError: no JSON\n\n'],
  ] as const)('and what the provider said passes as it is: %s %s', (api, frame) => {
    expect(through(api, frame)).toBe(frame);
  });
});
