import { expect, test } from '@jest/globals';
import { FileKeeper } from '../../../middleware/platform/config/scopes/file-keeper.ts';

test('files are kept for so many bytes as there is room for, and no more of them for four times as many', async () => {
  const keptOf = async (count: number): Promise<number> => {
    let reads = 0;
    const keeper = new FileKeeper({
      access: {
        names: () => Promise.resolve([]),
        stamp: () => Promise.resolve({ kind: 'file', id: '1' }),
        read: () => {
          reads += 1;
          return Promise.resolve({
            kind: 'bytes',
            bytes: Buffer.alloc(1_000, 'x'),
            id: '1',
            isSettled: true,
          });
        },
      },
      parse: (bytes) => ({ kind: 'good', value: bytes.length, faults: [] }),
      ...{ maxBytes: 10_000, maxFiles: 10_000, maxTotalBytes: 50_000, settleMs: 0 },
    });
    const paths = Array.from({ length: count }, (_, index) => `/f${1_000 + index}`);
    for (const path of paths) expect((await keeper.look(path)).value).toBe(1_000);
    reads = 0;
    // The newest first: one that fell out and is read again takes the place of another.
    for (const path of paths.toReversed()) await keeper.look(path);
    return count - reads;
  };
  expect(await keptOf(100)).toBe(49);
  expect(await keptOf(400)).toBe(49);
});
