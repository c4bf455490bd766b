import { describe, expect, test } from '@jest/globals';
import type { Exchange } from '../../../middleware/kernel/exchange.ts';
import type { UpstreamAnswer } from '../../../middleware/kernel/upstream.ts';
import { bytesStream } from '../../../middleware/upstreams/transport/bytes-stream.ts';
import { hideSecrets } from '../../../middleware/upstreams/words/hide-secrets.ts';

const key = 'Zq7-a-key-of-a-provider';

/** What a client gets of an answer under a good status. */
async function told(body: string, contentType: string, stream = false): Promise<string> {
  const answer = {
    ...{ status: 200, statusMessage: 'OK', route: 'provider', provider: undefined, costUsd: undefined },
    headers: ['content-type', contentType],
    body: bytesStream(Buffer.from(body)),
  } as unknown as UpstreamAnswer;
  const send = hideSecrets(() => Promise.resolve(answer), { clean: (text) => text.replaceAll(key, '[key]') });
  const exchange = { request: { head: { stream } } } as Exchange;
  const chunks: Buffer[] = [];
  for await (const chunk of (await send(exchange)).body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}

describe('[SEC-3] of an answer under a good status', () => {
  test.each([
    ['application/json', `[{"error":{"message":"not ${key}"}}]`],
    ['application/json', `{"errors":["not ${key}"],"content":[]}`],
    ['application/json', `{"detail":"not ${key}"}`],
    ['application/json', `{"message":"not ${key}"}`],
    ['application/json', `{"error": cut off, not ${key}`],
    ['text/html', `<html>not ${key}</html>`],
    ['text/plain', `not ${key}`],
    ['application/json', `{"content":[],"stop_reason":"not ${key}"}`],
    ['application/json', `{"choices":[{"message":{},"finish_reason":"not ${key}"}]}`],
    ['application/json', `{"output":[],"incomplete_details":{"reason":"not ${key}"}}`],
  ])('what no model said is cleaned: %s %s', async (type, body) => {
    expect(await told(body, type)).toBe(body.replace(key, '[key]'));
  });

  test('so is what stands beside one choice of several, and not what its model said', async () => {
    const said = `{"message":{"content":"${key}"},"finish_reason":"stop"}`;
    const body = (words: string): string =>
      `{"choices":[${said},{"message":{"content":"${key}"},"finish_reason":"error","error":{"message":"not ${words}"}}]}`;
    const answer = JSON.parse(await told(body(key), 'application/json')) as unknown;
    expect(answer).toEqual(JSON.parse(body('[key]')));
  });

  test('so is what came in the place of a stream', async () => {
    expect(await told(`<html>not ${key}</html>`, 'text/html', true)).toBe('<html>not [key]</html>');
  });

  test.each([
    `{"content":[{"type":"tool_use","input":{"reason":"${key}","detail":1}}],"stop_reason":"end_turn"}`,
    `{"choices":[{"message":{"content":"${key}"},"finish_reason":"not so plain"}]}`,
    `{ "output": [ { "text": "${key} \\"error\\": {" } ] }`,
  ])('what a model said passes as it is: %s', async (body) => {
    expect(await told(body, 'application/json')).toBe(body);
  });

  test.each([
    [`{"error":{"message":"not ${key}"},"stop_sequence":null}`, 'upstream_refused'],
    [`{"error":[{"message":"not ${key}"}]}`, 'upstream_refused'],
    [`{"error":"not ${key}"}`, 'upstream_refused'],
    [`{"type":"error","error":{"type":"overloaded_error","message":"not ${key}"}}`, 'server_is_overloaded'],
    [`{"error":{"code":402,"message":"not ${key}"}}`, 'insufficient_quota'],
    [
      `{"error":{"code":"429","message":"litellm.RateLimitError: XException - not ${key}"}}`,
      'rate_limit_exceeded',
    ],
    [
      `{"choices":[{"message":{"content":""},"finish_reason":"error","error":{"code":429,"message":"not ${key}"}}]}`,
      'rate_limit_exceeded',
    ],
    [
      `{"choices":[{"message":{"content":"Half"},"provider_specific_fields":{"error":{"code":502,"message":"not ${key}"}}}]}`,
      'provider_failed',
    ],
  ])('one that is an error is told as that: %s', async (body, code) => {
    await expect(told(body, 'application/json')).rejects.toMatchObject({ code, message: 'not [key]' });
  });

  test('a response that failed is the answer that it says it is', async () => {
    const body = '{"object":"response","status":"failed","error":{"code":"x","message":"no"},"output":[]}';
    expect(await told(body, 'application/json')).toBe(body);
  });
});
