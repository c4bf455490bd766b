import { expect, test } from '@jest/globals';
import { FairMap } from '../../../middleware/kernel/bounds/fair-map.ts';

function mapOf(maxEntries: number): { readonly map: FairMap<string>; readonly dropped: readonly string[] } {
  const dropped: string[] = [];
  const map = new FairMap<string>({
    maxEntries,
    ownerOf: (value) => value.split('/').slice(0, 2),
    onDropped: (value) => dropped.push(value),
  });
  return { map, dropped };
}

test('a full map drops the oldest entry of the owner who has most [SEC-6]', () => {
  const { map, dropped } = mapOf(4);
  for (const value of ['bob/x/1', 'ada/x/1', 'ada/x/2', 'ada/x/3', 'ada/x/4', 'bob/x/2', 'bob/x/3'])
    map.set(value, value);
  expect(dropped).toEqual(['ada/x/1', 'ada/x/2', 'bob/x/1']);
  expect([...map].map(([key]) => key)).toEqual(['ada/x/3', 'ada/x/4', 'bob/x/2', 'bob/x/3']);
});

test('among the entries of one owner those of the part with most, and what was used stays longer [SEC-6]', () => {
  const { map, dropped } = mapOf(3);
  for (const value of ['ada/x/1', 'ada/y/1', 'ada/y/2']) map.set(value, value);
  expect(map.get('ada/y/1')).toBe('ada/y/1');
  map.set('ada/y/3', 'ada/y/3');
  expect(dropped).toEqual(['ada/y/2']);
  map.delete('ada/x/1');
  map.set('bob/x/1', 'bob/x/1');
  expect(dropped).toHaveLength(1);
});
