import { describe, expect, test } from '@jest/globals';
import { createCallerKeys } from '../../../middleware/features/identity/caller-keys.ts';
import type { Exchange } from '../../../middleware/kernel/exchange.ts';
import { CallSessions } from '../../../middleware/pipeline/tool-calls/call-sessions.ts';
import { collectedLog } from '../../support/collected-log.ts';

function exchangeOf(body: object, sessionId?: string): Exchange {
  const json = Buffer.from(JSON.stringify(body));
  return {
    id: 'x',
    startedAt: 0,
    signal: new AbortController().signal,
    client: { kind: 'other', version: undefined },
    caller: { kind: 'local' },
    turn: { kind: 'user', sessionId, turnId: undefined, isOneShot: false },
    request: {
      ...{ api: 'chat', path: '/chat/completions', headers: [], raw: json, json },
      contentEncoding: undefined,
      head: { model: 'm', stream: false },
    },
    log: collectedLog().log,
  };
}

const saying = (...words: readonly string[]): object => ({
  messages: words.map((content) => ({ role: 'user', content })),
});

describe('the name of a conversation', () => {
  test('is the same before and after stages change how it begins [HK-2]', () => {
    const sessions = new CallSessions();
    const first = exchangeOf(saying('/fix 1'));
    sessions.note(first);
    const before = sessions.keyOf(first);
    const changed = { ...first, request: exchangeOf(saying('Fix issue 1.')).request };
    sessions.note(changed);
    expect(sessions.keyOf(changed)).toBe(before);
    expect(sessions.keyOf(exchangeOf(saying('/fix 1', 'more')))).toBe(before);
    expect(sessions.keyOf(exchangeOf(saying('Fix issue 1.')))).not.toBe(before);
  });

  test('has the caller’s key in it, whether the client names it or not [HK-2] [SEC-4]', () => {
    const { identify } = createCallerKeys(['key-of-ada-0123456789', 'key-of-bob-0123456789']);
    const callers = ['ada', 'bob', 'ada'].map((name) => identify(['x-api-key', `key-of-${name}-0123456789`]));
    for (const exchange of [exchangeOf(saying('hi')), exchangeOf(saying('hi'), 's1')]) {
      const [ada, bob, again] = callers.map((caller) =>
        new CallSessions().keyOf({ ...exchange, ...(caller !== undefined && { caller }) }),
      );
      expect(ada).toBe(again);
      expect(bob).not.toBe(ada);
      expect(`${ada} ${bob}`).not.toContain('key-of');
    }
  });

  test('is the client’s own where it has one, and none without a conversation [HK-2]', () => {
    const sessions = new CallSessions();
    expect(sessions.keyOf(exchangeOf(saying('hi'), 's1'))).toBe('s1');
    expect(sessions.keyOf(exchangeOf({ prompt: 'hi' }))).toBeUndefined();
  });
});
