import { expect, test } from '@jest/globals';
import { withRenewedHeaders } from '../../../middleware/features/mcp/transport/renewed-headers.ts';

const first = { 'X-Token': 'old', 'X-Of': 'one' };

/** A server that takes one token, and what it was sent. */
function serverOf(good: string) {
  const sent: (readonly [token: string | null, of: string | null])[] = [];
  const fetch = (_url: string | URL, init?: RequestInit): Promise<Response> => {
    const headers = new Headers(init?.headers);
    sent.push([headers.get('x-token'), headers.get('x-of')]);
    return Promise.resolve(new Response('', { status: headers.get('x-token') === good ? 200 : 401 }));
  };
  return { sent, fetch };
}

test('headers that a server refuses are renewed once for all who wait, and used from then on [MCP-1] [MCP-5]', async () => {
  const { sent, fetch } = serverOf('new');
  const renewal = Promise.withResolvers<Readonly<Record<string, string>>>();
  let runs = 0;
  const renewing = withRenewedHeaders(fetch, {
    first,
    renew: () => {
      runs += 1;
      return renewal.promise;
    },
  });
  const ask = async (): Promise<number> => (await renewing('http://one', { headers: first })).status;
  const both = Promise.all([ask(), ask()]);
  renewal.resolve({ 'x-token': 'new' });
  expect(await both).toEqual([200, 200]);
  expect(await ask()).toBe(200);
  expect([runs, sent]).toEqual([
    1,
    [
      ['old', 'one'],
      ['old', 'one'],
      ['new', null],
      ['new', null],
      ['new', null],
    ],
  ]);
});

test('a request that is refused is not made again with the same headers [MCP-1] [MCP-5]', async () => {
  const { sent, fetch } = serverOf('other');
  const renewing = withRenewedHeaders(fetch, { first, renew: () => Promise.resolve({ ...first }) });
  expect((await renewing('http://one', { headers: first })).status).toBe(401);
  expect(sent).toHaveLength(1);
});

test('a helper that fails is why a request does [MCP-1] [MCP-5]', async () => {
  const { fetch } = serverOf('other');
  const renew = (): Promise<never> => Promise.reject(new Error('its headersHelper ended with exit code 7'));
  const renewing = withRenewedHeaders(fetch, { first, renew });
  await expect(renewing('http://one', { headers: first })).rejects.toThrow('exit code 7');
});
