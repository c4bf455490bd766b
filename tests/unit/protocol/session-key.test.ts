import { describe, expect, test } from '@jest/globals';
import { createCallerKeys } from '../../../middleware/features/identity/caller-keys.ts';
import type { Exchange } from '../../../middleware/kernel/exchange.ts';
import { sessionKey } from '../../../middleware/protocol/conversation/session-key.ts';
import { exchangeWith } from '../../support/made-up-exchange.ts';

function exchangeOf(body: Readonly<Record<string, unknown>>, sessionId?: string): Exchange {
  const turn = { kind: 'user', sessionId, turnId: undefined, isOneShot: false } as const;
  return exchangeWith({ api: 'chat', body: { model: 'm', ...body }, turn });
}

const saying = (...words: readonly string[]): Readonly<Record<string, unknown>> => ({
  messages: words.map((content) => ({ role: 'user', content })),
});

describe('the name of a conversation', () => {
  test('is the same before and after stages change how it begins [HK-2]', () => {
    const first = exchangeOf(saying('/fix 1'));
    const before = sessionKey(first);
    const changed: Exchange = { ...first, request: exchangeOf(saying('Fix issue 1.')).request };
    expect(sessionKey(changed)).toBe(before);
    expect(sessionKey(exchangeOf(saying('/fix 1', 'more')))).toBe(before);
    expect(sessionKey(exchangeOf(saying('Fix issue 1.')))).not.toBe(before);
  });

  test('has the caller’s key in it, whether the client names it or not [HK-2] [SEC-4]', () => {
    const { identify } = createCallerKeys([
      { name: 'k', key: 'key-of-ada-0123456789' },
      { name: 'k', key: 'key-of-bob-0123456789' },
    ]);
    const callers = ['ada', 'bob', 'ada'].map((name) => identify(['x-api-key', `key-of-${name}-0123456789`]));
    for (const exchange of [exchangeOf(saying('hi')), exchangeOf(saying('hi'), 's1')]) {
      const [ada, bob, again] = callers.map((caller) =>
        sessionKey({ ...exchange, ...(caller !== undefined && { caller }) }),
      );
      expect(ada).toBe(again);
      expect(bob).not.toBe(ada);
      expect(`${ada} ${bob}`).not.toContain('key-of');
    }
  });

  test('is the client’s own where it has one, and none without a conversation [HK-2]', () => {
    expect(sessionKey(exchangeOf(saying('hi'), 's1'))).toBe('s1');
    expect(sessionKey(exchangeOf({ prompt: 'hi' }))).toBeUndefined();
  });
});
