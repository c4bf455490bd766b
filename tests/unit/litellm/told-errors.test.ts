import { describe, expect, test } from '@jest/globals';
import { CodexPlusError } from '../../../middleware/kernel/errors.ts';
import type { Exchange } from '../../../middleware/kernel/exchange.ts';
import { headerValue } from '../../../middleware/kernel/headers.ts';
import type { Reply } from '../../../middleware/kernel/reply.ts';
import type { UpstreamAnswer } from '../../../middleware/kernel/upstream.ts';
import { errorReply } from '../../../middleware/protocol/error-reply.ts';
import { tellErrors } from '../../../middleware/upstreams/route/told-errors.ts';
import { bytesStream } from '../../../middleware/upstreams/transport/bytes-stream.ts';

const slowDown = 'litellm.RateLimitError: AnthropicException - Slow down';
const refused = 'litellm.BadRequestError: AnthropicException - No';

/** What a client of Messages gets for an error of LiteLLM. */
async function told(
  status: number,
  message: string,
  headers: readonly string[],
  address?: string,
): Promise<Reply> {
  const body = bytesStream(Buffer.from(JSON.stringify({ error: { message } })));
  const answer = { status, headers, body, route: 'litellm' } as unknown as UpstreamAnswer;
  const send = tellErrors(() => Promise.resolve(answer), {
    knownModels: () => Promise.resolve([]),
    whoWasCalled: () => Promise.resolve({ who: undefined, address, keys: [] }),
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
    ['what cannot be read', 'soon', ['5']],
  ])('the time to wait: %s', async (_name, given, seconds) => {
    const reply = await told(429, slowDown, ['retry-after', typeof given === 'string' ? given : given()]);
    expect(seconds).toContain(headerValue(reply.headers, 'retry-after'));
  });

  test('but nothing that asks to try again what a retry cannot mend', async () => {
    const reply = await told(400, refused, ['x-should-retry', 'true', 'retry-after', '7']);
    expect(namesOf(reply).filter((name) => name === 'x-should-retry')).toHaveLength(1);
    expect(headerValue(reply.headers, 'x-should-retry')).toBe('false');
    expect(headerValue(reply.headers, 'retry-after')).toBeUndefined();
  });
});

test.each([
  [undefined, "`api_base` of its entry in LiteLLM's file"],
  ['OPENAI_BASE_URL', 'OPENAI_BASE_URL'],
])(
  '[RT-4] an address that leads to nothing is named by the setting that has it: %s',
  async (address, named) => {
    const reply = await told(404, 'litellm.NotFoundError: OpenAIException - Not Found', [], address);
    const text = reply.body.kind === 'bytes' ? reply.body.bytes.toString() : '';
    expect(text).toContain(`has nothing at the path that it is called at: check ${named}, which often wants`);
  },
);
