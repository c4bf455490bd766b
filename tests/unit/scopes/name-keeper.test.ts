import { expect, test } from '@jest/globals';
import type { FileAccess } from '../../../middleware/platform/config/scopes/files/file-access.ts';
import { NameKeeper } from '../../../middleware/platform/config/scopes/files/name-keeper.ts';

test('lists of folders are kept for so many folders as there is room for, and no more of them for four times as many', async () => {
  const keptOf = async (count: number): Promise<number> => {
    let isReadable = true;
    const keeper = new NameKeeper(100);
    const access: FileAccess = {
      names: (folder) => Promise.resolve(isReadable ? [`${folder}.md`] : undefined),
      stamp: () => Promise.resolve({ kind: 'absent' }),
      read: () => Promise.resolve({ kind: 'absent' }),
    };
    const folders = Array.from({ length: count }, (_, index) => `/f${index}`);
    for (const folder of folders) expect(await keeper.look(folder, access)).toEqual([`${folder}.md`]);
    isReadable = false;
    let kept = 0;
    // The newest first: to look at one that fell out takes the place of another.
    for (const folder of folders.toReversed()) kept += (await keeper.look(folder, access)).length;
    return kept;
  };
  expect(await keptOf(200)).toBe(100);
  expect(await keptOf(800)).toBe(100);
});
