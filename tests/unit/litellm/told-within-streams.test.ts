import { describe, expect, test } from '@jest/globals';
import { CodexPlusError } from '../../../middleware/kernel/errors.ts';
import type { Api } from '../../../middleware/kernel/exchange.ts';
import { isJsonObject, objectIn, type JsonObject } from '../../../middleware/kernel/json-object.ts';
import { codecOf } from '../../../middleware/protocol/apis/codec-of.ts';
import { errorFrames } from '../../../middleware/protocol/error-reply.ts';
import { faultError, faultIn } from '../../../middleware/upstreams/route/told-errors.ts';
import { tellFailedEvents } from '../../../middleware/upstreams/words/told-failure.ts';

/** An error of LiteLLM as it stands in the body of an answer, and in a stream. */
interface Given {
  readonly status: number;
  readonly message: string;
}

async function before(api: Api, { status, message }: Given): Promise<JsonObject> {
  const text = JSON.stringify({ error: { message, type: 'None', param: 'None', code: String(status) } });
  const fault = faultIn(text, status, false);
  if (fault === undefined) throw new Error(`not told: ${message}`);
  const answer = { status, headers: [], route: 'litellm', provider: undefined, model: 'm', text } as const;
  const error = await faultError(fault, answer, {
    knownModels: () => Promise.resolve([]),
    whoWasCalled: () => Promise.resolve({ who: undefined, address: undefined, keys: [] }),
  });
  return objectIn(codecOf(api).local.error(error)['error']);
}

function within(api: Api, { status, message }: Given): JsonObject {
  const told = tellFailedEvents(api, { isLitellms: true, name: (words) => words })({
    error: { message, type: 'None', param: 'None', code: String(status) },
  });
  return objectIn(told['error']);
}

const given: Readonly<Record<string, Given & { readonly codex: string }>> = {
  'a rate limit': {
    status: 429,
    message: 'litellm.RateLimitError: XException - Slow down',
    codex: 'rate_limit_exceeded',
  },
  'a quota': {
    ...{ status: 429, message: 'litellm.RateLimitError: XException - Your credit balance is too low' },
    codex: 'insufficient_quota',
  },
  'an overload': {
    ...{ status: 500, message: 'litellm.InternalServerError: AnthropicException - Overloaded' },
    codex: 'server_is_overloaded',
  },
  'a conversation that is too long': {
    ...{
      status: 400,
      message: 'litellm.BadRequestError: XException - prompt is too long: 9 tokens > 8 maximum',
    },
    codex: 'context_length_exceeded',
  },
  'a request that is too large': {
    ...{ status: 413, message: 'litellm.APIError: XException - Request exceeds the maximum size' },
    codex: 'invalid_prompt',
  },
  'a refusal': { status: 400, message: 'litellm.BadRequestError: XException - No.', codex: 'invalid_prompt' },
  'a server that is away': {
    ...{ status: 503, message: 'litellm.ServiceUnavailableError: XException - Away' },
    codex: 'server_error',
  },
  'a fault of the server': {
    status: 500,
    message: 'litellm.InternalServerError: XException - Oh',
    codex: 'server_error',
  },
};

describe('[RT-4] an error within a stream has the code, the type and the words that it has before one', () => {
  for (const [what, { codex, ...error }] of Object.entries(given)) {
    test.each(['chat', 'completions', 'messages'] as const)(`${what}: %s`, async (api) => {
      expect(within(api, error)).toEqual(await before(api, error));
    });

    test(`${what}: as Codex knows it`, () => {
      expect(within('responses', error)).toMatchObject({ code: codex });
    });
  }

  test('a model that is not there', async () => {
    const error = { status: 404, message: 'litellm.NotFoundError: XException - model: x' };
    for (const api of ['chat', 'messages'] as const) {
      const { code, type } = await before(api, error);
      expect(within(api, error)).toMatchObject({ code, type, message: 'model: x' });
    }
  });
});

describe('[RT-4] an answer that an error ends', () => {
  const head = { model: 'm', id: 'i', createdAt: 0 } as never;
  function end(api: Api, error: CodexPlusError, kind: 'codex' | 'other' = 'other'): JsonObject {
    const sent = { opening: undefined, last: undefined };
    const frames = errorFrames(error, { api, sent, head, client: { kind } as never }).toString();
    const event = objectIn(JSON.parse(frames.trimEnd().split('data: ').at(-1) ?? ''));
    return objectIn(isJsonObject(event['error']) ? event['error'] : objectIn(event['response'])['error']);
  }

  test.each(['responses', 'chat', 'completions', 'messages'] as const)(
    'says how long to wait, for which no header is left: %s',
    (api) => {
      const limit = (message: string): CodexPlusError =>
        new CodexPlusError('rate_limit_exceeded', message, { retryAfterSeconds: 7 });
      const wanted = { code: 'rate_limit_exceeded', message: 'Slow down. Please try again in 7s.' };
      expect(end(api, limit('Slow down.'))).toMatchObject(wanted);
      expect(end(api, limit('Slow down. Please try again in 7s.'))).toMatchObject(wanted);
      const fault = { kind: 'rate-limit', message: 'Slow down.', retryAfterSeconds: 7 } as const;
      expect(codecOf(api).local.faultInStream(fault)).toMatchObject(wanted);
    },
  );

  test.each([
    ['refused_by_provider', 'invalid_prompt', 'No. (refused_by_provider)'],
    ['request_too_large', 'invalid_prompt', 'No. (request_too_large)'],
    ['provider_key_refused', 'invalid_prompt', 'No. (provider_key_refused)'],
    ['context_length_exceeded', 'context_length_exceeded', 'No.'],
    ['insufficient_quota', 'insufficient_quota', 'No.'],
    ['provider_failed', 'provider_failed', 'No.'],
  ] as const)('has Codex try no call again that no try helps: %s', (given, code, message) => {
    expect(end('responses', new CodexPlusError(given, 'No.'), 'codex')).toEqual({ code, message });
    expect(end('responses', new CodexPlusError(given, 'No.'))).toEqual({ code: given, message: 'No.' });
  });
});
