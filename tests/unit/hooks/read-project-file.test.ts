import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readProjectFile } from '../../../middleware/features/hooks/config/read-project-file.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'project-file-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a file that a hook names', () => {
  test('is its content, also behind a link [HK-3]', async () => {
    writeFileSync(join(folder, 'check.sh'), 'exit 0\n');
    symlinkSync(join(folder, 'check.sh'), join(folder, 'link.sh'));
    expect((await readProjectFile(join(folder, 'check.sh')))?.content.toString()).toBe('exit 0\n');
    expect((await readProjectFile(join(folder, 'link.sh')))?.content.toString()).toBe('exit 0\n');
  });

  test('is nothing where there is no file, and a pipe does not keep us waiting [HK-3]', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    for (const name of ['missing', 'check.sh/below', '.', 'pipe']) {
      expect([name, await readProjectFile(join(folder, name))]).toEqual([name, undefined]);
    }
  });

  test('that is too large to be read stands for itself by what changes with it [HK-3]', async () => {
    const file = join(folder, 'large');
    writeFileSync(file, '');
    truncateSync(file, 17 * 1024 * 1024);
    const before = (await readProjectFile(file))?.content.toString() ?? '';
    expect(before.length).toBeLessThan(200);
    expect((await readProjectFile(file))?.content.toString()).toBe(before);
    truncateSync(file, 17 * 1024 * 1024 + 1);
    expect((await readProjectFile(file))?.content.toString()).not.toBe(before);
  });
});
