import { describe, expect, test } from '@jest/globals';
import { HookSessions } from '../../../middleware/features/hooks/sessions/hook-sessions.ts';

function sessions() {
  let nowMs = 0;
  const ended: string[] = [];
  const all = new HookSessions({ now: () => nowMs, idleMs: 1_000 });
  const open = (key: string): void => {
    all.open(key).tellEnd = () => Promise.resolve(ended.push(key));
  };
  return { all, ended, open, at: (ms: number) => (nowMs = ms) };
}

describe('the sessions of hooks', () => {
  test('end when nobody used them for a while, and begin anew after that [HK-1]', async () => {
    const { all, ended, open, at } = sessions();
    open('one');
    open('two');
    const one = all.find('one');
    at(900);
    open('two');
    at(1_500);
    await all.endIdle();
    expect(ended).toEqual(['one']);
    expect(all.open('one')).not.toBe(one);
    await all.close();
  });

  test('end all together with the middleware, each once [HK-1]', async () => {
    const { all, ended, open } = sessions();
    open('one');
    open('two');
    await all.close();
    await all.close();
    expect(ended).toEqual(['one', 'two']);
    expect(all.isUsed).toBe(false);
  });

  test('are forgotten, the one unused for longest first, where they hold too much together [HK-1]', async () => {
    const all = new HookSessions({ now: () => 0, idleMs: 1_000, maxTotalSize: 10_000 });
    for (const key of ['one', 'two', 'three']) {
      const session = all.open(key);
      session.outputOf.set('call_1', 'x'.repeat(3_000));
      session.placed.set('item', {
        contexts: [],
        replacement: undefined,
        outputs: new Map([['call_2', 'x'.repeat(1_500)]]),
      });
      session.handled.set(`pre ${'x'.repeat(200)}`, true);
      all.open(key);
    }
    expect([all.find('one'), all.find('two')?.key, all.find('three')?.key]).toEqual([
      undefined,
      'two',
      'three',
    ]);
    await all.close();
  });

  test('are the same for as long as they are used, up to a bound [HK-1]', async () => {
    const { all } = sessions();
    const first = all.open('first');
    for (let index = 0; index < 1_999; index += 1) all.open(`s${index}`);
    expect(all.open('first')).toBe(first);
    all.open('one more');
    expect(all.find('first')).toBe(first);
    expect(all.find('s0')).toBeUndefined();
    await all.close();
  });
});
