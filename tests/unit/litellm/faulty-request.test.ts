import { describe, expect, test } from '@jest/globals';
import type { ApiRequest } from '../../../middleware/kernel/exchange.ts';
import {
  litellmFault,
  providerFault,
  withoutLitellm,
} from '../../../middleware/protocol/translation/faults/litellm-fault.ts';
import { toldFault } from '../../../middleware/protocol/translation/faults/told-fault.ts';
import { faultOfRequest } from '../../../middleware/upstreams/route/faulty-request.ts';

function faultIn(api: 'chat' | 'responses', body: object, message: string): object | undefined {
  const json = Buffer.from(JSON.stringify(body));
  const request = { api, json } as unknown as ApiRequest;
  return faultOfRequest(request, JSON.stringify({ error: { message } }));
}

const attribute =
  "litellm.APIConnectionError: APIConnectionError: XException - 'str' object has no attribute 'get'";
const notIterable = "litellm.APIConnectionError: XException - 'int' object is not iterable";
const user = { role: 'user', content: 'go' };

describe('[RT-4] a fault of a request that LiteLLM tells as one of its own', () => {
  test.each([
    ['messages', { messages: 'hi' }, `Invalid request format: ${attribute}`],
    ['messages[0]', { messages: ['hi'] }, attribute],
    ['messages[0].content', { messages: [{ role: 'user', content: 5 }] }, notIterable],
    [
      'messages[0].role',
      { messages: [{ role: 'x', content: 'y' }] },
      'Invalid Message passed in - {}. File an issue',
    ],
    [
      'messages[1].tool_calls[0]',
      { messages: [user, { role: 'assistant', tool_calls: [{ id: 'a' }] }] },
      "litellm.InternalServerError: 'function'",
    ],
    ['messages', {}, "/chat/completions: Missing required parameter: 'messages'."],
    ['prompt', { messages: [user] }, "/completions: Missing required parameter: 'prompt'."],
  ])('is named by its member: %s', (param, body, message) => {
    expect(faultIn('chat', body, message)).toMatchObject({ code: 'invalid_body', param });
  });

  test('is so of Responses', () => {
    expect(faultIn('responses', { input: 5 }, notIterable)).toMatchObject({ param: 'input' });
    expect(faultIn('responses', { input: [5] }, attribute)).toMatchObject({ param: 'input[0]' });
    expect(faultIn('responses', { previous_response_id: 'r' }, notIterable)).toBeUndefined();
  });

  test('is one also where its place is not found, if LiteLLM says that it could not write the request', () => {
    const words = 'Invalid user message at index 0. Please ensure all user messages are valid.';
    expect(faultIn('chat', { messages: [user] }, `litellm.InternalServerError: ${words}`)).toMatchObject({
      code: 'invalid_body',
      message: `the request cannot be written in the API of its provider: ${words}`,
    });
  });

  test('is looked for in no other error', () => {
    expect(faultIn('chat', { messages: [user] }, notIterable)).toBeUndefined();
    const refused = 'litellm.BadRequestError: XException - the role x is unknown';
    expect(faultIn('chat', { messages: [{ role: 'x' }] }, refused)).toBeUndefined();
    expect(
      faultIn('chat', { messages: [{ role: 'x' }] }, 'litellm.InternalServerError: down'),
    ).toBeUndefined();
  });
});

describe('[RT-4] no client is told', () => {
  const trace = 'Traceback (most recent call last):\n  File "/srv/litellm/main.py", line 1, in f';
  const notice =
    'This looks like a bug in LiteLLM rather than in your request. File it with one click: https://x.test';

  test.each([500, 400, 409])('where the machine has its files, nor of bugs: %s', (status) => {
    const told = [
      `litellm.APIConnectionError: it failed\n${trace}\n${notice}`,
      `litellm.APIConnectionError: it failed\n${notice}`,
      `litellm.BadRequestError: XException - {"error":{"message":"it failed"}}\n${trace}`,
      `litellm.BadRequestError: XException - ${JSON.stringify({ error: { message: `it failed\n${trace}` } })}`,
      `it failed\n${trace}`,
      'it failed. File an issue https://x.test/issues'.replace('. F', ' F'),
    ];
    for (const each of told) {
      if (status === 409) expect(withoutLitellm(each)).toBe('it failed');
      else expect(litellmFault(status, each)?.message).toBe('it failed');
      expect(providerFault(status, each).message).toBe('it failed');
      expect(toldFault({ message: each }).message).toBe('it failed');
    }
    expect(litellmFault(409, `it failed\n${trace}`)?.message).toBe('it failed');
  });

  test("LiteLLM's advice to whoever runs it, for reasoning that cannot be read", () => {
    const said = 'The encrypted content gAAA could not be verified.';
    const advice =
      " This error occurs when load balancing Responses API across deployments with different API keys.\n   Solution: Enable 'encrypted_content_affinity'";
    for (const words of [
      JSON.stringify({ error: { message: said, code: 'invalid_encrypted_content' } }),
      said,
    ]) {
      const told = `litellm.BadRequestError: OpenAIException - ${words}\n\n${advice}`;
      expect(litellmFault(400, told)).toEqual({ code: 'invalid_request', message: said });
    }
  });
});
