import { describe, expect, test } from '@jest/globals';
import { AtMost } from '../../../middleware/kernel/bounds/at-most.ts';

describe('at most some at a time', () => {
  test('runs as many as may, the next when one ends, in order', async () => {
    const some = new AtMost(2);
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const work = (which: number): Promise<number> =>
      some.run(async () => {
        begun.push(which);
        await new Promise<void>((resolve) => ends.push(resolve));
        return which;
      });
    const all = Promise.all([1, 2, 3, 4].map(work));
    expect(begun).toEqual([1, 2]);
    ends[1]?.();
    await new Promise(setImmediate);
    expect(begun).toEqual([1, 2, 3]);
    for (const end of ends) end();
    await new Promise(setImmediate);
    for (const end of ends) end();
    expect(await all).toEqual([1, 2, 3, 4]);
    expect(begun).toEqual([1, 2, 3, 4]);
  });

  test('gives its place on where it fails', async () => {
    const one = new AtMost(1);
    const failed = one.run(() => Promise.reject(new Error('no')));
    const next = one.run(() => Promise.resolve('yes'));
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('yes');
    expect(await one.run(() => Promise.resolve('again'))).toBe('again');
  });
});
