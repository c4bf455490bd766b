import { expect, test } from '@jest/globals';
import { keepForLater } from '../../../middleware/features/hooks/sessions/keep-for-later.ts';

test('what hooks in the background say is kept in order, and of too much the newest, with a word on it [HK-2]', () => {
  const later: string[] = [];
  keepForLater({ later }, ['one', 'two']);
  expect(later).toEqual(['one', 'two']);
  for (let at = 0; at < 500; at += 1) keepForLater({ later }, [`say ${at}`]);
  expect(later).toEqual([
    'Hooks in the background said more than is kept. The oldest of it is left out.',
    ...Array.from({ length: 99 }, (_, at) => `say ${at + 401}`),
  ]);
});
