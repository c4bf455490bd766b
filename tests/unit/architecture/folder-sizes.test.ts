import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from '@jest/globals';
import { rootDir } from '../../support/compose-middleware.ts';

/** More files than this nobody overlooks: what belongs together gets a folder of its own. */
const maxFiles = 22;

/** Folders that had more when this bound came; each number may only become smaller. */
const larger: Readonly<Record<string, number>> = {
  kernel: 28,
};

test('no folder has more files than one overlooks, and those that had them grow no further', () => {
  const middleware = join(rootDir, 'middleware');
  const counts = new Map<string, number>();
  for (const entry of readdirSync(middleware, { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith('.ts')) continue;
    const folder = relative(middleware, entry.parentPath).replaceAll('\\', '/');
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const over = [...counts].filter(([folder, count]) => count > (larger[folder] ?? maxFiles));
  expect(Object.fromEntries(over)).toEqual({});
  const small = Object.keys(larger).filter((folder) => (counts.get(folder) ?? 0) <= maxFiles);
  // They need no number any more.
  expect(small).toEqual([]);
});
