import { expect, test } from '@jest/globals';
import type { FileAccess } from '../../../middleware/platform/config/scopes/files/file-access.ts';
import { FileBudget } from '../../../middleware/platform/config/scopes/files/kept-files.ts';
import { FileKeeper } from '../../../middleware/platform/config/scopes/files/file-keeper.ts';

test('files are kept for so many bytes as there is room for, and no more of them for four times as many', async () => {
  const keptOf = async (count: number): Promise<number> => {
    let reads = 0;
    // The two share what there is.
    const budget = new FileBudget({ maxFiles: 10_000, maxTotalBytes: 50_000 });
    const access: FileAccess = {
      names: () => Promise.resolve([]),
      stamp: () => Promise.resolve({ kind: 'file', id: '1' }),
      read: () => {
        reads += 1;
        return Promise.resolve({ kind: 'bytes', bytes: Buffer.alloc(1_000, 'x'), id: '1', isSettled: true });
      },
    };
    const options: ConstructorParameters<typeof FileKeeper<number>>[0] = {
      parse: (bytes) => ({ kind: 'good', value: bytes.length, faults: [] }),
      ...{ maxBytes: 10_000, budget, settleMs: 0 },
    };
    const keepers = [new FileKeeper(options), new FileKeeper(options)] as const;
    const look = async (path: string, index: number): Promise<number | undefined> =>
      (await keepers[index % 2 === 0 ? 0 : 1].look(path, access)).value;
    const paths = Array.from({ length: count }, (_, index) => `/f${1_000 + index}`);
    for (const [index, path] of paths.entries()) expect(await look(path, index)).toBe(1_000);
    reads = 0;
    // The newest first: one that fell out and is read again takes the place of another.
    for (const [index, path] of [...paths.entries()].reverse()) await look(path, index);
    return count - reads;
  };
  expect(await keptOf(100)).toBe(49);
  expect(await keptOf(400)).toBe(49);
});
