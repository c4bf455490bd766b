import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BoundedMap } from '../../../middleware/kernel/bounds/bounded-map.ts';
import { holds } from '../../support/fuzz.ts';

describe('a map with bounds', () => {
  test('keeps the entries that were used last, in the order of their use', () => {
    const map = new BoundedMap<string, number>(3);
    for (const [value, key] of ['a', 'b', 'c'].entries()) map.set(key, value);
    map.get('a');
    map.set('d', 3);
    expect([...map]).toEqual([
      ['c', 2],
      ['a', 0],
      ['d', 3],
    ]);
    expect(map.get('b')).toBeUndefined();
  });

  test('drops the oldest entries until the sizes are within the bound, but for the newest', () => {
    const dropped: string[] = [];
    const map = new BoundedMap<string, number>(10, {
      ...{ maxSize: 10, sizeOf: (size) => size },
      onDropped: (_, key) => dropped.push(key),
    });
    map.set('a', 4);
    map.set('b', 4);
    map.set('c', 11);
    expect([...map.values()]).toEqual([11]);
    expect(dropped).toEqual(['a', 'b']);
    expect(map.totalSize).toBe(11);
  });

  test('tells the entries that it had, whatever is done to it meanwhile', () => {
    const map = new BoundedMap<string, number>(5);
    for (const key of ['a', 'b', 'c']) map.set(key, 0);
    const told: string[] = [];
    for (const [key] of map) {
      told.push(key);
      map.get('a');
      map.delete('b');
      map.set('d', 1);
    }
    expect(told).toEqual(['a', 'b', 'c']);
    expect([...map].map(([key]) => key)).toEqual(['c', 'a', 'd']);
  });

  test('is what a plain list of entries is, whatever is done with it', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constantFrom('get', 'delete'), key: fc.nat(8), value: fc.constant(0) }),
      fc.record({ kind: fc.constant('set'), key: fc.nat(8), value: fc.nat(20) }),
    );
    await holds([fc.integer({ min: 1, max: 7 }), fc.array(step, { maxLength: 60 })], (most, steps) => {
      const map = new BoundedMap<number, number>(most, { maxSize: 40, sizeOf: (value) => value });
      const list = new PlainList(most, 40);
      for (const { kind, key, value } of steps) {
        if (kind === 'get') expect(map.get(key)).toBe(list.get(key));
        for (const one of [map, list]) {
          if (kind === 'delete') one.delete(key);
          if (kind === 'set') one.set(key, value);
        }
        expect([...map]).toEqual(list.entries);
        expect([map.size, map.totalSize]).toEqual([list.entries.length, list.total]);
      }
    });
  });
});

/** The same without any speed. */
class PlainList {
  entries: (readonly [number, number])[] = [];
  readonly #most: number;
  readonly #maxTotal: number;

  constructor(most: number, maxTotal: number) {
    this.#most = most;
    this.#maxTotal = maxTotal;
  }

  get total(): number {
    return this.entries.reduce((sum, [, value]) => sum + value, 0);
  }

  get(key: number): number | undefined {
    const found = this.entries.find(([other]) => other === key);
    this.delete(key);
    if (found !== undefined) this.entries.push(found);
    return found?.[1];
  }

  set(key: number, value: number): void {
    this.delete(key);
    this.entries.push([key, value]);
    const { entries } = this;
    while (entries.length > this.#most || (entries.length > 1 && this.total > this.#maxTotal))
      entries.shift();
  }

  delete(key: number): void {
    this.entries = this.entries.filter(([other]) => other !== key);
  }
}
