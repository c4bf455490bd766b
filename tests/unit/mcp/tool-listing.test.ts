import { describe, expect, test } from '@jest/globals';
import type { Tool } from '@modelcontextprotocol/client';
import { ToolListing } from '../../../middleware/features/mcp/tool-listing.ts';

function tool(name: string, more: object = {}): Tool {
  return { name, inputSchema: { type: 'object' }, ...more };
}

describe('the list of a server', () => {
  const { signal } = new AbortController();
  const made = (
    ask: () => Promise<readonly Tool[]>,
    tells = false,
  ): { listing: ToolListing; later: (ms: number) => void } => {
    let now = 0;
    return {
      listing: new ToolListing({ ask, tells: () => tells, now: () => now }),
      later: (ms) => {
        now += ms;
      },
    };
  };

  const never = new Promise<never>(() => undefined);

  test('is asked for once by all who wait, and known after that without a wait [MCP-2]', async () => {
    const answer = Promise.withResolvers<readonly Tool[]>();
    let asked = 0;
    const { listing } = made(() => {
      asked += 1;
      return answer.promise;
    });
    const both = Promise.all([listing.within(60_000, signal), listing.within(60_000, signal)]);
    answer.resolve([tool('a')]);
    expect(await both).toEqual([[tool('a')], [tool('a')]]);
    expect(asked).toBe(1);
    expect(await listing.within(0, signal)).toEqual([tool('a')]);
  });

  test('of a server that failed is asked for by whoever comes next, who does not wait, and known after that [MCP-5]', async () => {
    const answers = [1, 2, 3].map(() => Promise.withResolvers<readonly Tool[]>());
    let asked = 0;
    const { listing } = made(() => answers[asked++]?.promise ?? never);
    const first = listing.within(60_000, signal);
    answers[0]?.reject(new Error('no'));
    expect([await first, asked]).toEqual([undefined, 1]);
    // One question is under way at a time.
    expect(await listing.within(60_000, signal)).toBeUndefined();
    expect([await listing.within(60_000, signal), asked]).toEqual([undefined, 2]);
    answers[1]?.reject(new Error('no'));
    await expect(answers[1]?.promise).rejects.toThrow('no');
    await new Promise(setImmediate);
    expect([await listing.within(60_000, signal), asked]).toEqual([undefined, 3]);
    answers[2]?.resolve([tool('a')]);
    await answers[2]?.promise;
    expect(await listing.within(60_000, signal)).toEqual([tool('a')]);
  });

  test('that could not be told anew is asked for by whoever comes next, and what was known counts meanwhile [MCP-5]', async () => {
    let asked = 0;
    const { listing } = made(() => {
      asked += 1;
      return never;
    }, true);
    listing.told([tool('a')]);
    expect([await listing.within(60_000, signal), asked]).toEqual([[tool('a')], 0]);
    listing.failed();
    expect([await listing.within(60_000, signal), asked]).toEqual([[tool('a')], 1]);
  });

  test('that is too deep to be kept is none [MCP-5]', async () => {
    let deep: object = {};
    for (let at = 0; at < 100_000; at += 1) deep = { deep };
    const { listing } = made(() => Promise.resolve([tool('a', { _meta: { deep } })]));
    expect(await listing.within(60_000, signal)).toBeUndefined();
  });

  test('is the same object as long as it says the same, and asked for again after 5 s, or a minute where the server says that it tells of changes [MCP-2]', async () => {
    let asked = 0;
    const ask = (): Promise<readonly Tool[]> => {
      asked += 1;
      return Promise.resolve([tool('a')]);
    };
    const silent = made(ask);
    const first = await silent.listing.within(60_000, signal);
    await silent.listing.within(60_000, signal);
    expect(asked).toBe(1);
    silent.later(60_000);
    expect(await silent.listing.within(60_000, signal)).toBe(first);
    expect(asked).toBe(2);

    const telling = made(ask, true);
    await telling.listing.within(60_000, signal);
    telling.later(59_999);
    await telling.listing.within(60_000, signal);
    expect(asked).toBe(3);
    telling.later(1);
    await telling.listing.within(60_000, signal);
    expect(asked).toBe(4);
    await new Promise((resolve) => setImmediate(resolve));
    telling.listing.renewed();
    await telling.listing.within(60_000, signal);
    expect(asked).toBe(5);
  });

  test('are known for sure while the server need not be asked again, or does not run', () => {
    let [clock, tells] = [0, false];
    const list = [tool('x')];
    const listing = new ToolListing({
      ask: () => Promise.resolve(list),
      tells: () => tells,
      now: () => clock,
    });
    expect([listing.settled(true), listing.settled(false)]).toEqual([undefined, undefined]);
    listing.told(list);
    expect(listing.settled(true)).toBe(list);
    clock = 5_000;
    expect([listing.settled(true), listing.settled(false)]).toEqual([undefined, list]);
    tells = true;
    expect(listing.settled(true)).toBe(list);
    listing.renewed();
    expect(listing.settled(true)).toBeUndefined();
  });

  test('is not waited for by a client that has left', async () => {
    const left = AbortSignal.abort(new Error('gone'));
    const { listing } = made(() => never);
    await expect(listing.within(60_000, left)).rejects.toThrow('gone');
  });
});
