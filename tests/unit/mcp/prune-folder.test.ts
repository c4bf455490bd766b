import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pruneFolder } from '../../../middleware/features/mcp/definitions/prune-folder.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'codex-plus-prune-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

test('of the files of a folder those go that were changed longest ago, and no locks [MCP-2]', async () => {
  for (const [age, name] of ['a.json.lock', 'b.json.lock', 'a.json', 'b.json', 'c.json'].entries()) {
    const file = join(folder, name);
    await writeFile(file, '');
    await utimes(file, age + 1, age + 1);
  }
  await pruneFolder(folder, 3);
  expect(await readdir(folder)).toHaveLength(5);
  await pruneFolder(folder, 2);
  expect((await readdir(folder)).sort()).toEqual(['a.json.lock', 'b.json', 'b.json.lock', 'c.json']);
});

test('a folder that is not there has nothing to remove [MCP-2]', async () => {
  await expect(pruneFolder(join(folder, 'none'), 2)).resolves.toBeUndefined();
});
