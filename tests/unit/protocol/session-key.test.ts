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

  test('is another one for another credential, without it, and the same when a subscription renews its own [HK-2] [SEC-4]', () => {
    const keyOf = (...headers: readonly string[]): string | undefined => {
      const exchange = exchangeOf(saying('hi'));
      return sessionKey({ ...exchange, received: { ...exchange.received, headers } });
    };
    const ada = keyOf('Authorization', 'Bearer sk-ada');
    expect(keyOf('authorization', 'Bearer sk-ada')).toBe(ada);
    const others = [keyOf('authorization', 'Bearer sk-bob'), keyOf('x-api-key', 'sk-ada'), keyOf()];
    expect(new Set([ada, ...others]).size).toBe(4);
    const login = (token: string, session: string): string | undefined =>
      keyOf('authorization', `Bearer sk-ant-oat01-${token}`, 'x-claude-code-session-id', session);
    expect(login('new', 's1')).toBe(login('old', 's1'));
    expect(login('new', 's2')).not.toBe(login('new', 's1'));
  });

  test('has the API in it, whether the client names it or not [HK-2]', () => {
    for (const named of [undefined, 's1']) {
      const [chat, messages] = (['chat', 'messages'] as const).map((api) => {
        const exchange = exchangeOf(saying('hi'), named);
        return sessionKey({ ...exchange, received: { ...exchange.received, api } });
      });
      expect(messages).not.toBe(chat);
    }
  });

  test('is the client’s own where it has one, and none without a conversation [HK-2]', () => {
    expect(sessionKey(exchangeOf(saying('hi'), 's1'))).toBe('chat-s1');
    expect(sessionKey(exchangeOf({ prompt: 'hi' }))).toBeUndefined();
  });
});
