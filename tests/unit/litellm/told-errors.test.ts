import { describe, expect, test } from '@jest/globals';
import { CodexPlusError } from '../../../middleware/kernel/errors.ts';
import type { Exchange } from '../../../middleware/kernel/exchange.ts';
import { headerValue } from '../../../middleware/kernel/headers.ts';
import type { Reply } from '../../../middleware/kernel/reply.ts';
import type { UpstreamAnswer } from '../../../middleware/kernel/upstream.ts';
import { errorReply } from '../../../middleware/protocol/error-reply.ts';
import { tellErrors } from '../../../middleware/upstreams/route/told-errors.ts';
import type { CalledWith } from '../../../middleware/upstreams/route/told-refusals.ts';
import { bytesStream } from '../../../middleware/upstreams/transport/bytes-stream.ts';

const slowDown = 'litellm.RateLimitError: AnthropicException - Slow down';
const refused = 'litellm.BadRequestError: AnthropicException - No';

/** What a client of Messages gets for an error of LiteLLM. */
async function told(
  status: number,
  message: string,
  headers: readonly string[],
  where: Partial<CalledWith> = {},
): Promise<Reply> {
  const body = bytesStream(Buffer.from(JSON.stringify({ error: { message } })));
  const answer = { status, headers, body, route: 'litellm' } as unknown as UpstreamAnswer;
  const send = tellErrors(() => Promise.resolve(answer), {
    knownModels: () => Promise.resolve([]),
    whoWasCalled: () => Promise.resolve({ who: undefined, address: undefined, keys: [], ...where }),
  });
  const error: unknown = await send({ request: { head: {} } } as unknown as Exchange).catch(
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CodexPlusError)) throw new Error('it was not told');
  return errorReply(error, {
    client: { kind: 'other' } as never,
    api: 'messages',
    requestId: 'ours',
  });
}

function textOf({ body }: Reply): string {
  return body.kind === 'bytes' ? body.bytes.toString() : '';
}

function namesOf({ headers }: Reply): readonly string[] {
  return headers.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
}

describe('[RT-4] an error of LiteLLM, told anew, keeps what its provider says to the client', () => {
  test('limits and ids', async () => {
    const limits = ['anthropic-ratelimit-requests-remaining', '0', 'x-ratelimit-remaining-tokens', '9'];
    const own = ['content-type', 'text/odd', 'content-length', '7', 'Request-Id', 'req_1'];
    const reply = await told(429, slowDown, [...limits, ...own]);
    expect(reply.headers.slice(0, 4)).toEqual(limits);
    expect(headerValue(reply.headers, 'request-id')).toBe('req_1');
    expect(headerValue(reply.headers, 'content-type')).toBe('application/json');
    expect(new Set(namesOf(reply)).size).toBe(namesOf(reply).length);
  });

  test.each([
    ['seconds', '7', ['7']],
    ['a part of a second', '0.2', ['1']],
    ['a date', () => new Date(Date.now() + 3_600_000).toUTCString(), ['3599', '3600']],
    ['a date that is over', 'Wed, 21 Oct 2015 07:28:00 GMT', ['0']],
    ['a date that a clock is wrong in', 'Wed, 21 Oct 2099 07:28:00 GMT', ['86400']],
    ['a year in ISO', '2099-10-21T07:28:00Z', ['86400']],
    ['more than a day', '999999999', ['86400']],
    ['what cannot be read', 'soon', ['5']],
    ['less than nothing', '-5', ['5']],
    ['a number of another kind', '1.2.3', ['5']],
    ['a number with more behind', '5s', ['5']],
  ])('the time to wait: %s', async (_name, given, seconds) => {
    const reply = await told(429, slowDown, ['retry-after', typeof given === 'string' ? given : given()]);
    expect(seconds).toContain(headerValue(reply.headers, 'retry-after'));
  });

  test.each([
    ['900', undefined, '1'],
    ['12900', '60', '13'],
    ['0', '60', '0'],
    ['-1', '60', '60'],
    ['soon', undefined, '5'],
    ['9999999999999', undefined, '86400'],
  ])('the time to wait in milliseconds: %s beside %s', async (milliseconds, seconds, wanted) => {
    const beside = seconds === undefined ? [] : ['retry-after', seconds];
    const reply = await told(429, slowDown, ['retry-after-ms', milliseconds, ...beside]);
    expect(headerValue(reply.headers, 'retry-after')).toBe(wanted);
    expect(namesOf(reply)).not.toContain('retry-after-ms');
  });

  test('the time to wait in words, a day at most', async () => {
    const reply = await told(429, `${slowDown}. Please try again in 400000 days.`, []);
    expect(headerValue(reply.headers, 'retry-after')).toBe('86400');
  });

  test('and whether to try again, in the word of the provider', async () => {
    const reply = await told(429, slowDown, ['x-should-retry', 'false']);
    expect(headerValue(reply.headers, 'x-should-retry')).toBe('false');
  });

  test('but nothing that asks to try again what a retry cannot mend', async () => {
    const reply = await told(400, refused, [
      ...['x-should-retry', 'true', 'retry-after', '7', 'retry-after-ms', '7000'],
    ]);
    expect(namesOf(reply).filter((name) => name === 'x-should-retry')).toHaveLength(1);
    expect(headerValue(reply.headers, 'x-should-retry')).toBe('false');
    expect(namesOf(reply).filter((name) => name.startsWith('retry-after'))).toEqual([]);
  });
});

test.each([
  [undefined, "`api_base` of its entry in LiteLLM's file"],
  ['OPENAI_BASE_URL', 'OPENAI_BASE_URL'],
])(
  '[RT-4] an address that leads to nothing is named by the setting that has it: %s',
  async (address, named) => {
    const reply = await told(404, 'litellm.NotFoundError: OpenAIException - Not Found', [], { address });
    expect(textOf(reply)).toContain(
      `has nothing at the path that it is called at: check ${named}, which often wants`,
    );
  },
);

test.each([
  [{}, "its entry in LiteLLM's file"],
  [{ modelIn: 'the models of codex_plus.json' }, 'the models of codex_plus.json'],
])(
  '[RT-4] a model that its provider does not have is named by where its name stands: %j',
  async (where, named) => {
    const reply = await told(404, 'litellm.NotFoundError: AnthropicException - model: x', [], where);
    expect(textOf(reply)).toContain(`(${named}): model: x`);
  },
);
