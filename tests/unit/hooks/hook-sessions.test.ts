import { once } from 'node:events';
import { describe, expect, test } from '@jest/globals';
import { Sessions } from '../../../middleware/features/sessions/sessions.ts';
import { HookSessions } from '../../../middleware/features/hooks/sessions/hook-sessions.ts';

const warned: unknown[] = [];
const log = { warn: (_message: string, fields?: unknown) => void warned.push(fields) };
const ruleSource = { scope: 'user', family: 'claude', file: '/s.json', baseDir: '/' } as const;

function sessions() {
  let nowMs = 0;
  const ended: string[] = [];
  const all = new HookSessions({ memory: new Sessions(), now: () => nowMs, idleMs: 1_000, log });
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

  test('leave what they changed in the conversation behind when they end [HK-2]', async () => {
    const memory = new Sessions();
    let nowMs = 0;
    const all = new HookSessions({ memory, now: () => nowMs, idleMs: 1_000, log });
    all.open('one').memory.ledger.edit('item', { contexts: ['be kind'] });
    nowMs = 1_500;
    await all.endIdle();
    expect(all.find('one')).toBeUndefined();
    expect(all.open('one').memory.ledger.find('item')).toEqual({ contexts: ['be kind'] });
    await all.close();
  });

  test('count no longer when they ended for being idle, and are no newer for it [HK-1]', async () => {
    const memory = new Sessions({ maxTotalSize: 20_000 });
    let nowMs = 0;
    const all = new HookSessions({ memory, now: () => nowMs, idleMs: 1_000, log });
    all.open('one').outputOf.set('call_1', 'x'.repeat(8_000));
    all.open('one').memory.ledger.edit('item', { contexts: ['be kind'] });
    memory.open('two').ledger.edit('item', { contexts: ['x'.repeat(5_000)] });
    nowMs = 1_500;
    await all.endIdle();
    // Would be too much together with what hooks remembered of the first.
    memory.open('three').ledger.edit('item', { contexts: ['x'.repeat(10_000)] });
    expect(memory.find('two')).toBeDefined();
    expect(memory.find('one')).toBeDefined();
    memory.find('two');
    memory.open('four').ledger.edit('item', { contexts: ['x'.repeat(10_000)] });
    expect(memory.find('three')).toBeUndefined();
    await all.close();
  });

  test('end all together with the middleware, each once [HK-1]', async () => {
    const { all, ended, open } = sessions();
    open('one');
    open('two');
    await all.close();
    await all.close();
    expect(ended).toEqual(['one', 'two']);
    expect([all.find('one'), all.find('two')]).toEqual([undefined, undefined]);
  });

  test('tell their ends some at a time when the middleware ends, until the time is over [HK-1]', async () => {
    const { all } = sessions();
    let begun = 0;
    for (let index = 0; index < 100; index += 1)
      all.open(`s${index}`).tellEnd = async (signal) => {
        begun += 1;
        await once(signal, 'abort');
      };
    await all.close();
    expect([begun, warned.at(-1)]).toEqual([16, { untold: 84 }]);
  });

  test('that fell out end once, though an exchange under way brings the conversation back [HK-1]', async () => {
    const memory = new Sessions({ maxTotalSize: 10_000 });
    const all = new HookSessions({ memory, now: () => 0, idleMs: 1_000, log });
    const fill = (): void => {
      memory.open('other').ledger.edit('k', { contexts: ['x'.repeat(20_000)] });
    };
    const ended: string[] = [];
    const old = all.open('one');
    old.tellEnd = () => Promise.resolve(ended.push('one'));
    fill();
    old.memory.ledger.edit('late', { contexts: ['be kind'] });
    expect([memory.find('one'), memory.find('one')?.companion]).toEqual([old.memory, undefined]);
    fill();
    await all.close();
    expect(ended).toEqual(['one']);
  });

  test('are forgotten, the one unused for longest first, where they hold too much together [HK-1]', async () => {
    const memory = new Sessions({ maxTotalSize: 10_000 });
    const all = new HookSessions({ memory, now: () => 0, idleMs: 1_000, log });
    for (const key of ['one', 'two', 'three']) {
      const session = all.open(key);
      session.outputOf.set('call_1', 'x'.repeat(3_000));
      session.memory.ledger.edit('item', { outputs: new Map([['call_2', 'x'.repeat(1_500)]]) });
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

  test('are bounded by whatever a conversation makes them hold, and tell their end when they fall out [HK-1]', async () => {
    const keptOf = async (count: number): Promise<{ kept: number; ended: number }> => {
      const ended: string[] = [];
      const memory = new Sessions({ maxTotalSize: 100_000 });
      const all = new HookSessions({ memory, now: () => 0, idleMs: 1_000, log });
      const keys = Array.from({ length: count }, (_, index) => `s${index}`);
      for (const key of keys) {
        const session = all.open(key);
        session.tellEnd = () => Promise.resolve(ended.push(key));
        for (const set of [session.asked, session.ranOnce, session.told]) set.add('x'.repeat(2_000));
        session.memory.ledger.said.add('text');
        const rule = { behavior: 'deny', text: 'x'.repeat(4_000), source: ruleSource } as const;
        session.commandHooks.set('/c.md', { rules: [rule], hooks: [], subject: undefined });
        all.open(key);
      }
      const kept = keys.filter((key) => all.find(key) !== undefined).length;
      // They end some at a time.
      await new Promise(setImmediate);
      // Those that fell out, in the order in which they did, and no other.
      expect(ended).toEqual(keys.slice(0, count - kept));
      await all.close();
      return { kept, ended: ended.length };
    };
    const { kept } = await keptOf(40);
    expect(kept).toBeGreaterThan(1);
    expect(await keptOf(160)).toEqual({ kept, ended: 160 });
    expect(kept).toBeLessThan(11);
  });

  test('keep of one conversation only so many hooks and commands, however many it comes across [HK-1]', async () => {
    const { all } = sessions();
    const session = all.open('one');
    for (let index = 0; index < 8_000; index += 1) {
      session.asked.add(`hash ${index}`);
      session.commandHooks.set(`/${index}.md`, { rules: [], hooks: [], subject: undefined });
    }
    expect([session.asked.has('hash 0'), session.asked.has('hash 7999')]).toEqual([false, true]);
    expect(session.commandHooks.size).toBe(200);
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
