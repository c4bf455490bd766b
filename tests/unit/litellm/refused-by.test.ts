import { describe, expect, test } from '@jest/globals';
import { asCodexPlusError, type CodexPlusError } from '../../../middleware/kernel/errors.ts';
import type { Exchange } from '../../../middleware/kernel/exchange.ts';
import type { UpstreamAnswer } from '../../../middleware/kernel/upstream.ts';
import { errorReply } from '../../../middleware/protocol/error-reply.ts';
import { tellRefusals } from '../../../middleware/upstreams/route/told-refusals.ts';
import { bytesStream } from '../../../middleware/upstreams/transport/bytes-stream.ts';
import { growsLinearly } from '../../support/grows-linearly.ts';
import { recordedErrors } from '../../support/recorded-errors.ts';
import { google, ofKeys, ofRequests, openai, openrouter } from '../../support/told-403s.ts';

/** What is told of an error; `undefined` where it goes on as it is. */
async function told(status: number, body: string): Promise<CodexPlusError | undefined> {
  const answer = { status, headers: [], body: bytesStream(Buffer.from(body)), route: 'provider' };
  const send = tellRefusals(() => Promise.resolve(answer as unknown as UpstreamAnswer), {
    whoWasCalled: () => Promise.resolve({ who: undefined, address: undefined, keys: ['THE_KEY'] }),
  });
  return send({ request: { head: { model: 'm' } } } as unknown as Exchange).then(
    () => undefined,
    (error: unknown) => asCodexPlusError(error),
  );
}

/** As a provider says it, Google in a list as well, and as LiteLLM passes it on. */
function forms(said: object): readonly string[] {
  const json = JSON.stringify(said);
  const litellm = `litellm.PermissionDeniedError: AnyException - ${json}\n\nLiteLLM: model group 'm' failed with the error above.`;
  return [json, JSON.stringify([said]), JSON.stringify({ error: { message: litellm, code: '403' } })];
}

/** With the words and the name that LiteLLM gives every 403 on its way to a client. */
function litellms(said: string): string {
  const message = `litellm.PermissionDeniedError: AnyException - ${said}\n\nLiteLLM: model group 'm' failed with the error above.`;
  return JSON.stringify({ type: 'error', error: { type: 'permission_error', message, code: '403' } });
}

function wordsOf(said: object): string {
  return (said as { readonly error: { readonly message: string } }).error.message;
}

describe('[RT-4] a 403', () => {
  test.each(ofKeys)('of %s about its key is told as that, with the variable: %j', async (_name, said) => {
    for (const body of forms(said)) {
      const error = await told(403, body);
      expect(error?.code).toBe('provider_key_refused');
      expect(error?.message).toMatch(/does not allow this with the key .* "m" \(THE_KEY\): /);
      expect(error?.message).toContain(wordsOf(said));
    }
  });

  test.each(ofRequests)('of %s about all else names no key: %j', async (_name, said) => {
    for (const body of forms(said)) {
      const error = await told(403, body);
      expect(error?.code).toBe('forbidden_by_provider');
      expect(error?.message).toBe(`the provider does not allow this, whatever the key: ${wordsOf(said)}`);
    }
  });

  test.each([
    '"my permission" is not text',
    '`your API key` is not text',
    '{"code":"PERMISSION_DENIED"} is odd',
  ])('that quotes a request with words for a key names none: %s', async (message) => {
    for (const body of forms(openai(message)))
      expect((await told(403, body))?.code).toBe('forbidden_by_provider');
  });

  test.each([JSON.stringify(openai('Forbidden')), 'Forbidden', '{}', ''].map(litellms))(
    'that LiteLLM calls a matter of permission names no key where its provider does not: %s',
    async (body) => {
      const error = await told(403, body);
      expect(error?.code).toBe('forbidden_by_provider');
    },
  );

  test.each([
    ['<html><title>Your access key | Cloudflare</title></html>', 'the page "Your access key | Cloudflare"'],
    ['<!DOCTYPE html><html><body>Permission denied</body></html>', 'a page'],
  ])('that is a page for browsers names no key, and is told by its title: %s', async (page, words) => {
    const litellm = `litellm.PermissionDeniedError: AnthropicException - ${page}\n\nLiteLLM: model group 'm' failed with the error above.`;
    for (const body of [page, JSON.stringify({ error: { type: 'permission_error', message: litellm } })]) {
      const error = await told(403, body);
      expect([error?.code, error?.message]).toEqual([
        'forbidden_by_provider',
        `the provider does not allow this, whatever the key: the provider answered with the status 403 and ${words}`,
      ]);
      const refused = await told(401, body);
      expect(refused?.code).toBe('provider_key_refused');
      expect(refused?.message).toContain(`: the provider answered with the status 401 and ${words}`);
    }
  });

  test.each(['', '{}', '[]'])('without words names no key: %j', async (body) => {
    const error = await told(403, body);
    expect([error?.code, error?.message]).toEqual([
      'forbidden_by_provider',
      'the provider does not allow this, whatever the key: it answered with the status 403 and gave no reason',
    ]);
  });

  test.each([
    ['codex', 'responses', 400],
    ['claude', 'messages', 424],
    ['other', 'chat', 400],
  ] as const)('is sent once by %s, which takes it for no fault of its own key', async (kind, api, status) => {
    const error = await told(403, JSON.stringify(openrouter('Your input was flagged')));
    if (error === undefined) throw new Error('it was not told');
    const reply = errorReply(error, { client: { kind } as never, api, requestId: 'r' });
    expect(reply.status).toBe(status);
    expect(reply.headers).toEqual(expect.arrayContaining(['x-should-retry', 'false']));
  });
});

describe('[RT-4] a key of ours that is refused under another status', () => {
  test.each([
    [401, openai('anything'), /^the provider refused the key/],
    [400, google('API key not valid. Please pass a valid API key.'), /^the provider refused the key/],
    [400, google('Invalid argument', 'API_KEY_INVALID'), /^the provider refused the key/],
    [
      400,
      { code: 'Client specified an invalid argument', error: 'Incorrect API key provided: xa***56. You can' },
      /^the provider refused the key .* "m" \(THE_KEY\): Incorrect API key provided/,
    ],
    [400, { code: 'x', error: 'Incorrect%20API%20key%20provided:%20ba***na.' }, /refused the key/],
    [
      400,
      openai(
        'litellm.BadRequestError: XaiException - {"code":"Client specified an invalid argument","error":"Incorrect API key provided: xa***56."}\n\nLiteLLM: model group \'m\' failed with the error above.',
      ),
      /^the provider refused the key .*: Incorrect API key provided: xa\*\*\*56\.$/,
    ],
    [400, openai('Wrong', 'invalid_api_key'), /^the provider refused the key/],
    [400, [openai('Wrong', 'invalid_api_key')], /^the provider refused the key/],
    [
      400,
      openai(
        "litellm.BadRequestError: OpenAIException - Error code: 400 - {'error': {'message': 'Wrong', 'code': 'invalid_api_key'}}",
      ),
      /^the provider refused the key/,
    ],
    [403, { message: 'The security token included in the request is invalid.' }, /with the key/],
    [400, openai('No connected db.'), /^LiteLLM refused the key .*LITELLM_MASTER_KEY/],
    [403, openai('key not allowed to access model. This key can only access models=[]'), /^LiteLLM does not/],
  ])('%s: %j', async (status, said, message) => {
    const error = await told(status, JSON.stringify(said));
    expect(error?.code).toBe('provider_key_refused');
    expect(error?.message).toMatch(message);
  });

  test.each([
    openai('Invalid value: "API key not valid. Please pass a valid API key."'),
    openai('messages.0: the permission of the API key'),
    openai('messages.0: "Incorrect API key provided: x"'),
    openai(`not valid: ${JSON.stringify({ message: 'API key not valid', code: 'invalid_api_key' })}`),
    openai(`not valid: ${JSON.stringify({ reason: 'API_KEY_INVALID' })}`),
    openai(
      `litellm.BadRequestError: XException - Error code: 400 - {'error': {'message': "It's not valid: {'code': 'invalid_api_key'}", 'code': None}}`,
    ),
    { error: { message: 'x', metadata: { raw: '{"error":{"code":"invalid_api_key"}}' } } },
  ])('is none where a request only speaks of one: %j', async (said) => {
    expect(await told(400, JSON.stringify(said))).toBeUndefined();
  });

  test('is known in all that litellm 1.109.3 made of such errors', async () => {
    const refused = recordedErrors.filter(({ what }) => what === 'wrong key' || what === 'not permitted');
    expect(refused.length).toBeGreaterThan(10);
    for (const { status, message } of refused) {
      const error = await told(status, JSON.stringify({ error: { message } }));
      expect([message, error?.code]).toEqual([message, 'provider_key_refused']);
    }
  });
});

test('[RT-4] what a refusal is about is read in a time that grows with its length', async () => {
  for (const filler of ['country ', 'key', '"code":"API_KEY_', 'input was ', '[', 'not have '])
    await growsLinearly(
      (size) => JSON.stringify(openai(filler.repeat(Math.ceil(size / filler.length)))),
      (body) => told(403, body),
      4_000,
    );
});
