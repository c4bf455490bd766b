import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { FreshCache } from '../../../middleware/platform/fresh-cache.ts';

interface Value {
  readonly key: string;
  readonly load: number;
}

function createCache(maxEntries = 10) {
  const state = { now: 0, loads: [] as string[], fail: false };
  const cache = new FreshCache<Value>({
    maxEntries,
    freshMs: 1_000,
    now: () => state.now,
    load: async (key, previous) => {
      state.loads.push(`${key} after ${String(previous?.load)}`);
      await Promise.resolve();
      if (state.fail) throw new Error('no');
      return { key, load: state.loads.length };
    },
  });
  return { cache, state };
}

describe('FreshCache', () => {
  test('a value is given out until its time is over, and then looked at again [CFG-1]', async () => {
    const { cache, state } = createCache();
    const first = await cache.get('a');
    state.now = 999;
    expect(await cache.get('a')).toBe(first);
    state.now = 1_000;
    expect(await cache.get('a')).not.toBe(first);
    expect(state.loads).toEqual(['a after undefined', 'a after 1']);
  });

  test('who asks in the second half of its time has a look begun, and waits for none [CFG-1]', async () => {
    const { cache, state } = createCache();
    const first = await cache.get('a');
    state.now = 499;
    await cache.get('a');
    expect(state.loads).toHaveLength(1);
    state.now = 500;
    expect(await cache.get('a')).toBe(first);
    await setImmediate();
    expect(await cache.get('a')).toMatchObject({ load: 2 });
    state.now = 999;
    expect(await cache.get('a')).toMatchObject({ load: 2 });
    expect(state.loads).toHaveLength(2);
  });

  test('a look ahead that takes longer than a value holds counts no more [CFG-1]', async () => {
    const looks: (() => void)[] = [];
    let now = 0;
    const cache = new FreshCache<number>({
      maxEntries: 1,
      freshMs: 1_000,
      now: () => now,
      load: () => {
        const { promise, resolve } = Promise.withResolvers<number>();
        const look = looks.push(() => {
          resolve(look);
        });
        return promise;
      },
    });
    const first = cache.get('a');
    looks[0]?.();
    await first;
    now = 600;
    expect(await cache.get('a')).toBe(1);
    await setImmediate();
    now = 1_600;
    const second = cache.get('a');
    for (const look of looks) look();
    expect(await second).toBe(3);
  });

  test('a look ahead that fails is told to nobody, and made again [CFG-1]', async () => {
    const { cache, state } = createCache();
    const first = await cache.get('a');
    Object.assign(state, { now: 600, fail: true });
    expect(await cache.get('a')).toBe(first);
    await setImmediate();
    Object.assign(state, { now: 700, fail: false });
    expect(await cache.get('a')).toBe(first);
    await setImmediate();
    expect(await cache.get('a')).toMatchObject({ load: 3 });
  });

  test('all who ask while it loads get the one that loads, however long that takes [CFG-1]', async () => {
    const { cache, state } = createCache();
    const one = cache.get('a');
    state.now = 5_000;
    expect(await cache.get('a')).toBe(await one);
    expect(state.loads).toHaveLength(1);
  });

  test('the entry that was unused for longest goes first [CFG-1]', async () => {
    const { cache, state } = createCache(2);
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.get(key);
    expect(state.loads.map((load) => load[0])).toEqual(['a', 'b', 'c', 'b']);
  });

  test('a failure is told to those who wait and tried again for the next, who still have the previous value [CFG-1]', async () => {
    const { cache, state } = createCache();
    await cache.get('a');
    Object.assign(state, { now: 2_000, fail: true });
    await expect(Promise.all([cache.get('a'), cache.get('a')])).rejects.toThrow('no');
    state.fail = false;
    expect(await cache.get('a')).toMatchObject({ load: 3 });
    expect(state.loads).toEqual(['a after undefined', 'a after 1', 'a after 1']);
  });

  describe('of values that tell by themselves whether they hold', () => {
    function createTelling() {
      const state = { now: 0, loads: 0, asked: 0, verdict: true as boolean | undefined };
      const cache = new FreshCache<number>({
        ...{ maxEntries: 2, freshMs: 1_000, checkMs: 100 },
        now: () => state.now,
        load: async () => {
          await Promise.resolve();
          return (state.loads += 1);
        },
        holds: () => {
          state.asked += 1;
          return state.verdict;
        },
      });
      return { cache, state };
    }

    test('one that holds is given out without a look, and asked no more often than it is to be', async () => {
      const { cache, state } = createTelling();
      expect(cache.now('a')).toBeUndefined();
      await cache.get('a');
      for (state.now of [50, 99, 100, 150, 199, 5_000, 5_099]) expect(cache.now('a')).toBe(1);
      expect([await cache.get('a'), state.loads, state.asked]).toEqual([1, 1, 2]);
    });

    test('one that has changed is looked at before anybody gets it', async () => {
      const { cache, state } = createTelling();
      await cache.get('a');
      Object.assign(state, { now: 100, verdict: false });
      expect(cache.now('a')).toBeUndefined();
      const both = [cache.get('a'), cache.get('a')];
      expect(cache.now('a')).toBeUndefined();
      expect([await Promise.all(both), cache.now('a')]).toEqual([[2, 2], 2]);
    });

    test('one that does not tell is looked at as any other', async () => {
      const { cache, state } = createTelling();
      await cache.get('a');
      Object.assign(state, { now: 499, verdict: undefined });
      expect(cache.now('a')).toBe(1);
      state.now = 500;
      expect(cache.now('a')).toBeUndefined();
      expect(await cache.get('a')).toBe(1);
      await setImmediate();
      expect([await cache.get('a'), state.loads]).toEqual([2, 2]);
    });
  });
});
